"""Pictures: drawn as SVG from what the tools give, made into PNG when they are sent."""
