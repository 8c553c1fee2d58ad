"""A series as a file: `load_series` reads one, `dump_series` writes one, editors and translators keep them.

A *document* is the file made comparable: a flat table of rows by path, each with every value filled in and
each value as JSON can hold it. The file, the document last loaded (`Series.loaded`) and the database all take
this form, so that three of them can be held against each other.

    values   how each kind of value is written in a file, kept in a document, stored in columns
    tables   which rows a document has, their columns and their natural keys
    reading  a file's text → a document, or every problem in it
    rules    what rows must fulfil, and what they must fulfil together
    merging  file, last loaded, database → what is to be, and what editors keep
    stored   the database → a document, and a document → the database
    writing  a document → a file's text

Pictures are uploaded in the admin and are not part of it; neither is who spotted a key moment.
"""
