//! Every rule of RFC 7644 §3, one file for each section; `README.md` beside this file says which test holds which rule.
