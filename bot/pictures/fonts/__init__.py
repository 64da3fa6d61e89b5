"""A part of Noto Sans SC (see OFL.txt), with the widths of its characters."""
