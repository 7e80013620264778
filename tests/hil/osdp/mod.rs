//! OSDP against peers of other make, over pseudo-terminals: our emulated readers against the control panel of
//! the package `osdp`, our control panel against the readers of the package `libosdp`.

mod panels;
mod readers;
