from django import forms


class SignupForm(forms.Form):
    def signup(self, request: object, user: object) -> None:
        """Nothing beyond what allauth has saved."""
