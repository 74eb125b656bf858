"""What a developer looks at by hand: pictures of the main pages, Lighthouse's scores, and what the HTML validator says.

`make screenshots`, `make lighthouse` and `make validate`; what they leave lies in .inspection/.
"""
