package dev.architect.simulator.answer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.json.SchemaInstanceGenerator;
import dev.architect.simulator.json.SimulatorJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tools that a request offers, and which of them the model calls.
 *
 * <p>The model calls every offered tool whose name occurs in the user's last text as a whole word in any case, in the order of
 * the offer; only the first where parallel calls are off. A required call without a name in the text goes to the first
 * tool. After tool results the model answers with text.
 *
 * @param offered the tools in the order of the offer
 * @param choice whether the model may or must call
 * @param named the tool to call where the choice names one; empty otherwise
 * @param parallel whether one answer may hold several calls
 */
public record ToolUse(List<OfferedTool> offered, ToolChoice choice, String named, boolean parallel) {

    public static final ToolUse NONE = new ToolUse(List.of(), ToolChoice.AUTO, "", true);

    public ToolUse {
        offered = List.copyOf(offered);
    }

    /** Whether the model may or must call a tool. */
    public enum ToolChoice {
        AUTO,
        REQUIRED,
        NONE,
        NAMED
    }

    /** A tool with the JSON schema of its arguments. */
    public record OfferedTool(String name, JsonNode schema) {}

    /** A call without its id. */
    public record SelectedTool(String name, ObjectNode arguments) {}

    /** Whether a tool of this name is offered. */
    public boolean offers(String name) {
        return offered.stream().anyMatch(tool -> tool.name().equals(name));
    }

    /** The calls that the model makes; none when it answers with text. */
    public List<SelectedTool> select(Prompt prompt) {
        if (choice == ToolChoice.NONE || offered.isEmpty() || !prompt.results().isEmpty()) {
            return List.of();
        }
        String text = prompt.lastUser();
        List<SelectedTool> calls = new ArrayList<>();
        for (OfferedTool tool : offered) {
            if (choice == ToolChoice.NAMED ? tool.name().equals(named) : endOfName(text, tool.name()) >= 0) {
                calls.add(call(tool, text));
            }
        }
        if (calls.isEmpty() && choice == ToolChoice.REQUIRED) {
            calls.add(call(offered.get(0), text));
        }
        return parallel || calls.isEmpty() ? List.copyOf(calls) : List.of(calls.get(0));
    }

    private static SelectedTool call(OfferedTool tool, String text) {
        int from = endOfName(text, tool.name());
        JsonNode generated =
                new SchemaInstanceGenerator(tool.schema(), from < 0 ? "" : text.substring(from)).generate();
        return new SelectedTool(tool.name(), generated instanceof ObjectNode object ? object : SimulatorJson.object());
    }

    /** The index behind the first occurrence of a name as a whole word; -1 when it does not occur. */
    private static int endOfName(String text, String name) {
        String word = Pattern.quote(name.toLowerCase(Locale.ROOT));
        Matcher matcher = Pattern.compile("(?<![\\w-])" + word + "(?![\\w-])").matcher(text.toLowerCase(Locale.ROOT));
        return matcher.find() ? Math.min(matcher.end(), text.length()) : -1;
    }
}
