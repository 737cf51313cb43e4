package dev.architect.chat;

import dev.architect.check.Check;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The tools that a request offers, and the rule for calling them. Immutable.
 *
 * @param tools the functions that the model may call, each name once
 * @param choice whether it must or may; without tools it is {@link ToolChoice#AUTO}
 */
public record Toolset(List<Tool> tools, ToolChoice choice) {

    /** No tools. */
    public static final Toolset NONE = new Toolset(List.of(), ToolChoice.AUTO);

    /** Copies the tools and checks that names and choice fit. */
    public Toolset {
        tools = List.copyOf(Check.noNulls("tools", tools));
        Check.notNull("toolChoice", choice);
        Set<String> names = new HashSet<>();
        for (Tool tool : tools) {
            if (!names.add(tool.name())) {
                throw new IllegalArgumentException("tool " + tool.name() + " is given twice, expected once");
            }
        }
        if (tools.isEmpty() && !choice.equals(ToolChoice.AUTO)) {
            throw new IllegalArgumentException(
                    "toolChoice or parallelToolCalls is set with 0 tools, expected 1 or more");
        }
        choice.name().filter(name -> !names.contains(name)).ifPresent(name -> {
            throw new IllegalArgumentException("toolChoice names '" + name + "', expected one of " + names);
        });
    }

    /** Whether there is no tool. */
    public boolean isEmpty() {
        return tools.isEmpty();
    }
}
