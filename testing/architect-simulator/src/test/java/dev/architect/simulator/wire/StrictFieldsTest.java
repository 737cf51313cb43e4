package dev.architect.simulator.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.log.CallAction;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The checks of request fields name the place as the provider does. */
class StrictFieldsTest {

    private final StrictFields strict = new StrictFields(new StrictFields.ErrorMessages() {
        @Override
        public ErrorResponseException unknownField(String path) {
            return refusal("unknown " + path);
        }

        @Override
        public ErrorResponseException missingField(String path) {
            return refusal("missing " + path);
        }

        @Override
        public ErrorResponseException invalidValue(String path, String expected) {
            return refusal("wrong " + path + " " + expected);
        }

        @Override
        public String itemPath(String path, int index) {
            return path + "[" + index + "]";
        }
    });

    @Test
    void namesThePlaceOfEachFault() throws Exception {
        var node = SimulatorJson.MAPPER.readTree("{\"a\":1,\"list\":[{\"x\":\"y\"},{\"z\":true}],\"none\":null}");
        assertFails("unknown list", () -> strict.allowOnly(node, "", Set.of("a")));
        assertFails("wrong top.a object", () -> strict.allowOnly(node.path("a"), "top.a", Set.of()));
        assertFails("missing none", () -> strict.required(node, "", "none"));
        assertFails("wrong a string", () -> strict.text(node, "", "a"));
        assertFails("wrong a list", () -> strict.forEachItem(node, "", "a", (item, path) -> {}));
        assertFails("wrong a boolean", () -> strict.bool(node, "", "a", true));
        assertFails("wrong a number", () -> strict.range(node, "", "a", 2, 3));
        assertFails(
                "unknown list[1].z",
                () -> strict.forEachItem(node, "", "list", (item, path) -> strict.allowOnly(item, path, Set.of("x"))));
        assertFails("wrong list[0].x one of [n]", () -> strict.oneOf(node.at("/list/0"), "list[0]", "x", Set.of("n")));
    }

    @Test
    void acceptsValidFields() throws Exception {
        var node = SimulatorJson.MAPPER.readTree("{\"a\":1,\"b\":\"t\",\"none\":null}");
        assertThatCode(() -> {
                    strict.allowOnly(node, "", Set.of("a", "b", "none", "more"));
                    strict.range(node, "", "a", 1, 1);
                    strict.range(node, "", "none", 1, 1);
                    strict.forEachItem(node, "", "none", (item, path) -> strict.required(item, path, "x"));
                    assertThat(strict.optionalText(node, "", "none")).isEmpty();
                    assertThat(strict.text(node, "", "b")).isEqualTo("t");
                    assertThat(strict.bool(node, "", "none", true)).isTrue();
                })
                .doesNotThrowAnyException();
    }

    private static void assertFails(String message, ThrowingCallable check) {
        ErrorResponseException refusal = catchThrowableOfType(ErrorResponseException.class, check);
        assertThat(refusal).as(message).isNotNull();
        assertThat(refusal.body().path("m").asText()).isEqualTo(message);
    }

    private static ErrorResponseException refusal(String message) {
        return new ErrorResponseException(
                400, CallAction.BAD_REQUEST, SimulatorJson.object().put("m", message));
    }
}
