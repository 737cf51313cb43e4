package dev.architect.provider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.provider.http.message.Reply;
import dev.architect.provider.http.message.ReplyHeaders;
import dev.architect.provider.http.reading.Exchange;
import dev.architect.provider.http.reading.UsageReader;
import dev.architect.spi.ProviderAnswer;
import dev.architect.usage.UsageBucket;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Events that are no JSON: passed over where they cannot be a part of the answer, and never where they can. */
class SkippedEventsTest extends HttpCases {

    private static final String ONE = "{\"object\":\"chunk\",\"choices\":[{\"t\":\"one \"}]}";
    private static final String TWO = "{\"object\":\"chunk\",\"choices\":[{\"t\":\"two \"}]}";

    @Test
    void passesOverWhatIsNoPartOfTheAnswer() {
        for (String noise : List.of(
                "garbage",
                "null",
                "12",
                "[]",
                "[DONE]x",
                "{not json}",
                "{\"nope",
                "{\"broken\": tru",
                "}",
                "<html>\"x\"</html>")) {
            ProviderAnswer answer = stream(2, ONE, noise, TWO, "[DONE]");

            assertThat(answer.text()).as(noise).isEqualTo("one two ");
            assertThat(answer.transmission().skippedEvents()).as(noise).isOne();
        }
    }

    @Test
    void whatMayBeAPartOfTheAnswerNeedsAPartForEachToken() {
        for (String broken : List.of(
                "{",
                "{\"",
                "{\"o",
                "{\"object\":\"chunk\",\"choi",
                TWO.substring(0, TWO.length() - 1),
                TWO + "}",
                TWO.substring(3),
                "{\"id\":1,\"choices\":[")) {
            assertThat(stream(2, ONE, broken, TWO, "[DONE]").text()).as(broken).isEqualTo("one two ");

            for (int tokens : new int[] {0, 3, 4, 9}) {
                ProviderException failure = failure(() -> stream(tokens, ONE, broken, TWO, "[DONE]"));
                assertThat(failure.kind()).as(broken).isEqualTo(FailureKind.PROTOCOL);
                assertThat(failure.receivedCharacters()).isEqualTo(8);
            }
        }
    }

    @Test
    void aFirstEventCannotBeCompared() {
        assertThat(failure(() -> stream(9, "{not json}", ONE, TWO, "[DONE]")).kind())
                .isEqualTo(FailureKind.PROTOCOL);
        assertThat(stream(2, "garbage", ONE, TWO, "[DONE]").text()).isEqualTo("one two ");
    }

    /** Each part has a token or more: one token more than parts, and one event skipped, is one part missing. */
    @Test
    void theCountsOfTheProviderShowThatAPartIsMissing() {
        for (String noise : List.of("garbage", "{not json}")) {
            ProviderException failure = failure(() -> stream(3, ONE, noise, TWO, "[DONE]"));

            assertThat(failure.kind()).isEqualTo(FailureKind.PROTOCOL);
            assertThat(failure)
                    .hasMessageContaining("a part of the answer may be missing; events that are not JSON: 1");
            assertThat(stream(9, ONE, noise, TWO, "[DONE]").text()).isEqualTo("one two ");
        }
    }

    @Test
    void anObjectIsOnlyPassedOverWhereTheProviderCounts() {
        assertThat(failure(() -> stream(0, ONE, "{not json}", TWO, "[DONE]")).kind())
                .isEqualTo(FailureKind.PROTOCOL);
        assertThat(stream(0, ONE, "garbage", TWO, "[DONE]").text()).isEqualTo("one two ");
    }

    @Test
    void afterTheReasonOfTheEndEverythingMayBeBroken() {
        ProviderAnswer answer = stream(2, ONE, TWO, "{\"end\":true}", TWO.substring(0, 20), "[DONE]");

        assertThat(answer.text()).isEqualTo("one two ");
        assertThat(answer.transmission().skippedEvents()).isOne();
    }

    @Test
    void aBodyThatEndsInsideAnEventIsCut() {
        ProviderException failure = failure(() -> stream(2, ONE, TWO, "{\"end\":true}", TWO.substring(0, 20)));

        assertThat(failure.kind()).isEqualTo(FailureKind.PROTOCOL);
        assertThat(failure).hasMessageContaining("answer ended before its end");
        assertThat(stream(2, ONE, TWO, "{\"end\":true}").text()).isEqualTo("one two ");
    }

    @Test
    void tooManyAreNoAnswer() {
        String[] events = new String[13];
        Arrays.fill(events, "garbage");
        events[0] = ONE;
        events[12] = "[DONE]";
        assertThat(failure(() -> stream(1, events)).kind()).isEqualTo(FailureKind.PROTOCOL);
        events[11] = TWO;
        assertThatCode(() -> stream(2, events)).doesNotThrowAnyException();
    }

    @Test
    void anErrorThatIsNoJsonIsAnError() {
        assertThat(failure(() -> streamed(1, "data: " + ONE + "\n\nevent: error\ndata: overloaded\n\ndata: [DONE]\n\n"))
                        .kind())
                .isEqualTo(FailureKind.PROTOCOL);
    }

    private static ProviderAnswer stream(int tokens, String... events) {
        return streamed(tokens, "data: " + String.join("\n\ndata: ", events) + "\n\n");
    }

    private static ProviderAnswer streamed(int tokens, String body) {
        try (ProviderHttp http = builder(URI.create("http://localhost:1"))
                .replies(request -> Reply.of(200, ReplyHeaders.none(), body))
                .build()) {
            return http.stream(
                    call(LONG_TIMEOUT), request(), StreamFormat.SSE, delta -> {}, exchange -> reader(exchange, tokens));
        }
    }

    private static StreamReader reader(Exchange exchange, int tokens) {
        return new StreamReader() {
            private Progress progress = Progress.OPEN;

            @Override
            public Progress accept(StreamEvent event) {
                if (event.is("[DONE]")) {
                    return Progress.DONE;
                }
                progress = event.json().has("end") ? Progress.MAY_END : progress;
                exchange.appendText(
                        event.json().path("choices").path(0).path("t").asText());
                return progress;
            }

            @Override
            public ProviderAnswer answer() {
                if (tokens > 0) {
                    exchange.reportUsage(new UsageReader()
                            .put(UsageBucket.INPUT, IntNode.valueOf(1))
                            .put(UsageBucket.OUTPUT, IntNode.valueOf(tokens)));
                }
                return exchange.answer(StopReason.COMPLETE).build();
            }
        };
    }
}
