package dev.architect.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelInfo;
import dev.architect.model.ProviderException;
import dev.architect.provider.http.message.HttpRequest;
import dev.architect.provider.http.message.Reply;
import dev.architect.provider.http.message.ReplyHeaders;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of models and counts of tokens. */
class ModelReaderTest extends HttpCases {

    private static final HttpRequest LIST = HttpRequest.get("/models");
    private static final Duration TIMEOUT = Duration.ofSeconds(9);

    private final List<String> asked = new ArrayList<>();

    @Test
    void readsIdsAndLeavesOutWhatHasNone() {
        try (ProviderHttp http = replying("{\"data\":[{\"id\":\"a\"},{\"id\":\" \"},7,{},{\"id\":\"b\"}]}")) {
            assertThat(ModelReader.models(http, LIST, TIMEOUT))
                    .containsExactly(ModelInfo.hosted("a"), ModelInfo.hosted("b"));
        }
    }

    @Test
    void requestsEveryPage() {
        try (ProviderHttp http = replying("{\"all\":[\"a\"],\"more\":\"2\"}", "{\"all\":[\"b\"]}")) {
            assertThat(pages(http)).containsExactly(ModelInfo.hosted("a"), ModelInfo.hosted("b"));
            assertThat(asked).containsExactly("/models", "/models?page=2");
        }
    }

    @Test
    void leavesAListThatNeverEnds() {
        try (ProviderHttp http = replying("{\"all\":[\"a\"],\"more\":\"again\"}")) {
            assertThat(pages(http)).hasSize(10);
            assertThat(asked).hasSize(10);
        }
    }

    @Test
    void allPagesTogetherHaveTheTime() {
        try (ProviderHttp http = replying("{\"all\":[\"a\"],\"more\":\"2\"}", "{\"all\":[\"b\"]}")) {
            ProviderException failure = failure(() -> pages(http, Duration.ofNanos(1)));

            assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
            assertThat(asked).containsExactly("/models");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"data\":{}}", "{\"data\":null}", "{\"models\":[]}"})
    void whatIsNoListIsAFailure(String reply) {
        try (ProviderHttp http = replying(reply)) {
            ProviderException failure = failure(() -> ModelReader.models(http, LIST, TIMEOUT));

            assertThat(failure.kind()).isEqualTo(FailureKind.PROTOCOL);
            assertThat(failure).hasMessageContaining("answer has no list of models");
        }
    }

    @Test
    void countsFromZeroOn() {
        try (ProviderHttp http = replying("{\"n\":0}", "{\"n\":14}")) {
            assertThat(count(http)).isZero();
            assertThat(count(http)).isEqualTo(14);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "-1", "1.5", "\"7\"", "[7]", "18446744073709551617"})
    void whatIsNoCountIsAFailure(String count) {
        try (ProviderHttp http = replying("{\"n\":" + count + "}")) {
            ProviderException failure = failure(() -> count(http));

            assertThat(failure.kind()).isEqualTo(FailureKind.PROTOCOL);
            assertThat(failure).hasMessageContaining("answer has no count of tokens");
        }
    }

    @Test
    void aLimitThatMakesNoSenseIsOmitted() {
        assertThat(ModelReader.tokenLimit(LongNode.valueOf(8192))).contains(8192L);
        assertThat(ModelReader.tokenLimit(LongNode.valueOf(0))).isEmpty();
        assertThat(ModelReader.tokenLimit(NullNode.instance)).isEmpty();
    }

    private static List<ModelInfo> pages(ProviderHttp http) {
        return pages(http, TIMEOUT);
    }

    private static List<ModelInfo> pages(ProviderHttp http, Duration timeout) {
        return ModelReader.models(
                http,
                LIST,
                timeout,
                "all",
                entry -> Optional.of(ModelInfo.hosted(entry.asText())),
                page -> page.has("more")
                        ? Optional.of(HttpRequest.get(
                                "/models?page=" + page.path("more").asText()))
                        : Optional.empty());
    }

    private static long count(ProviderHttp http) {
        return http.call("model", LIST, TIMEOUT, (body, exchange) -> ModelReader.tokenCount(body.path("n"), exchange));
    }

    /** Answers with each of the replies, and with the last for ever. */
    private ProviderHttp replying(String... replies) {
        Iterator<String> rest = List.of(replies).iterator();
        return builder(URI.create("http://stub"))
                .replies(request -> {
                    asked.add(request.path());
                    return Reply.of(
                            200, ReplyHeaders.none(), rest.hasNext() ? rest.next() : replies[replies.length - 1]);
                })
                .build();
    }
}
