"""Django puts the half of the day behind the time; in Korean it stands before it."""

DATETIME_FORMAT = "Y년 n월 j일 A g:i"
