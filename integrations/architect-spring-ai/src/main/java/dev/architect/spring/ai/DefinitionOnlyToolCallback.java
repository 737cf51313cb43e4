package dev.architect.spring.ai;

import dev.architect.chat.Tool;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.definition.ToolDefinition;

/** A tool that a model may call and that only the caller of Architect can perform. */
record DefinitionOnlyToolCallback(Tool tool) implements ToolCallback {

    @Override
    public ToolDefinition getToolDefinition() {
        return ToolDefinition.builder()
                .name(tool.name())
                .description(tool.description())
                .inputSchema(tool.inputSchema())
                .build();
    }

    @Override
    public String call(String input) {
        throw new UnsupportedOperationException("tool " + tool.name()
                + " was called inside the model, expected a model that leaves that to its caller");
    }
}
