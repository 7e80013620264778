//! Controllers with one fault each, and the shipped scenarios that find them out.
