"""The conversation: the LangGraph agent, its prompts, the model client and the offline mentor."""
