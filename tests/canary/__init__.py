"""The canary: a word of its own in every text column, and every address asked by every kind of reader.

A word that reaches somebody who may not have it is a leak, one that never reaches somebody who may is lost: both fail.

`fields.py` says of every column that can hold text who may have it. A new column fails until it has its line there.
`recipes.py` says of every URL how it is asked. A new URL fails until it has its function there.
`world.py` makes the rows: at least one for each scope of each kind. `readers.py` is the promise once more, in plain
Python that shares nothing with the site's own rule. `walk.py` asks, and searches what came back.
"""
