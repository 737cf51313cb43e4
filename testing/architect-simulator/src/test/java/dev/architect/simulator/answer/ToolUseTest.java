package dev.architect.simulator.answer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.json.SimulatorJson;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which tools the simulated model calls, and with what. */
class ToolUseTest {

    private static final List<ToolUse.OfferedTool> OFFER =
            List.of(tool("get_weather", "city"), tool("get_time", "zone"));

    @Test
    void callsEveryToolThatTheTextNames() {
        List<ToolUse.SelectedTool> calls =
                decide("Use GET_TIME Berlin, then get_weather \"Rome\".", ToolUse.ToolChoice.AUTO, "", true);

        assertThat(calls).extracting(ToolUse.SelectedTool::name).containsExactly("get_weather", "get_time");
        assertThat(calls)
                .extracting(call -> call.arguments().toString())
                .containsExactly("{\"city\":\"Rome\"}", "{\"zone\":\"Berlin\"}");
    }

    @Test
    void callsOnlyTheFirstWithoutParallelCalls() {
        assertThat(decide("get_time get_weather", ToolUse.ToolChoice.AUTO, "", false))
                .extracting(ToolUse.SelectedTool::name)
                .containsExactly("get_weather");
    }

    @Test
    void matchesWholeNamesOnly() {
        assertThat(decide("get_weather_report forget_time", ToolUse.ToolChoice.AUTO, "", true))
                .isEmpty();
    }

    @Test
    void callsTheFirstToolWhenRequired() {
        assertThat(decide("Hello", ToolUse.ToolChoice.REQUIRED, "", true))
                .singleElement()
                .satisfies(call -> {
                    assertThat(call.name()).isEqualTo("get_weather");
                    assertThat(call.arguments().path("city").asText()).isEqualTo("city");
                });
    }

    @Test
    void callsTheNamedToolAlone() {
        assertThat(decide("get_weather", ToolUse.ToolChoice.NAMED, "get_time", true))
                .extracting(ToolUse.SelectedTool::name)
                .containsExactly("get_time");
    }

    @Test
    void callsNothingWhenForbiddenOrAfterResults() throws Exception {
        assertThat(decide("get_weather", ToolUse.ToolChoice.NONE, "", true)).isEmpty();

        Prompt prompt = new Prompt().add("user", "get_weather");
        prompt.begin("assistant").call("get_weather", "{}").begin("user").result("sunny");
        assertThat(new ToolUse(OFFER, ToolUse.ToolChoice.REQUIRED, "", true).select(prompt))
                .isEmpty();
        assertThat(prompt.results()).containsExactly("sunny");

        prompt.add("user", "get_time");
        assertThat(new ToolUse(OFFER, ToolUse.ToolChoice.AUTO, "", true).select(prompt))
                .hasSize(1);
    }

    private static List<ToolUse.SelectedTool> decide(
            String text, ToolUse.ToolChoice choice, String named, boolean parallel) {
        return new ToolUse(OFFER, choice, named, parallel).select(new Prompt().add("user", text));
    }

    private static ToolUse.OfferedTool tool(String name, String property) {
        ObjectNode schema = SimulatorJson.object().put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        properties.putObject(property).put("type", "string");
        properties.putObject("other");
        schema.putArray("required").add(property);
        return new ToolUse.OfferedTool(name, schema);
    }
}
