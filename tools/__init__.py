"""What the mentor can do: values in, values out, called by the agent and by commands."""
