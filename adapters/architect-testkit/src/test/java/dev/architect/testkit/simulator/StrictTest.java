package dev.architect.testkit.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The checks of request fields name the place in the provider's words. */
class StrictTest {

    private final Strict strict = new Strict(new Strict.Words() {
        @Override
        public Refusal unknown(String path) {
            return refusal("unknown " + path);
        }

        @Override
        public Refusal missing(String path) {
            return refusal("missing " + path);
        }

        @Override
        public Refusal wrong(String path, String expected) {
            return refusal("wrong " + path + " " + expected);
        }

        @Override
        public String item(String path, int index) {
            return path + "[" + index + "]";
        }
    });

    @Test
    void namesThePlaceOfEachFault() {
        var node = SimulatorClient.json("{\"a\":1,\"list\":[{\"x\":\"y\"},{\"z\":true}],\"none\":null}");
        says("unknown list", () -> strict.fields(node, "", Set.of("a")));
        says("wrong top.a object", () -> strict.fields(node.path("a"), "top.a", Set.of()));
        says("missing none", () -> strict.required(node, "", "none"));
        says("wrong a string", () -> strict.text(node, "", "a"));
        says("wrong a list", () -> strict.each(node, "", "a", (item, path) -> {}));
        says("wrong a boolean", () -> strict.flag(node, "", "a", true));
        says("wrong a number", () -> strict.range(node, "", "a", 2, 3));
        says(
                "unknown list[1].z",
                () -> strict.each(node, "", "list", (item, path) -> strict.fields(item, path, Set.of("x"))));
        says("wrong list[0].x one of [n]", () -> strict.oneOf(node.at("/list/0"), "list[0]", "x", Set.of("n")));
    }

    @Test
    void takesWhatIsRight() {
        var node = SimulatorClient.json("{\"a\":1,\"b\":\"t\",\"none\":null}");
        assertThatCode(() -> {
                    strict.fields(node, "", Set.of("a", "b", "none", "more"));
                    strict.range(node, "", "a", 1, 1);
                    strict.range(node, "", "none", 1, 1);
                    strict.each(node, "", "none", (item, path) -> strict.required(item, path, "x"));
                    assertThat(strict.optionalText(node, "", "none")).isEmpty();
                    assertThat(strict.text(node, "", "b")).isEqualTo("t");
                    assertThat(strict.flag(node, "", "none", true)).isTrue();
                })
                .doesNotThrowAnyException();
    }

    private static void says(String message, ThrowingCallable check) {
        Refusal refusal = catchThrowableOfType(Refusal.class, check);
        assertThat(refusal).as(message).isNotNull();
        assertThat(refusal.body().path("m").asText()).isEqualTo(message);
    }

    private static Refusal refusal(String message) {
        return new Refusal(400, CallAction.BAD_REQUEST, Json.object().put("m", message));
    }
}
