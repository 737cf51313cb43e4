package dev.architect.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.provider.http.message.HttpLimits;
import dev.architect.provider.http.message.Reply;
import dev.architect.provider.http.message.ReplyHeaders;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Long work that reports its progress. */
class StreamProgressTest extends HttpCases {

    private final List<Integer> received = new ArrayList<>();

    @Test
    void readsEveryEventUntilTheWorkIsDone() {
        streamProgress(200, "{\"n\":1}\n{\"n\":2}\n{\"n\":0}\n{\"n\":9}\n");

        assertThat(received).containsExactly(1, 2, 0);
    }

    @Test
    void progressAsAWholeHasNoLimit() {
        streamProgress(200, "{\"n\":1}\n".repeat(1_000) + "{\"n\":0}\n");

        assertThat(received).hasSize(1_001);
    }

    @Test
    void workThatBreaksOffIsAFailure() {
        ProviderException failure = failure(() -> streamProgress(200, "{\"n\":1}\n"));

        assertThat(failure.kind()).isEqualTo(FailureKind.PROTOCOL);
        assertThat(failure.model()).hasToString("stub/thing");
        assertThat(failure.delivery()).isEqualTo(DeliveryStatus.ANSWERED);
    }

    @Test
    void anErrorIsAFailureWithItsStatus() {
        ProviderException failure = failure(() -> streamProgress(404, "{}"));

        assertThat(failure.kind()).isEqualTo(FailureKind.INVALID_REQUEST);
        assertThat(failure.status()).hasValue(404);
        assertThat(received).isEmpty();
    }

    private void streamProgress(int status, String body) {
        HttpLimits small = HttpLimits.defaults().withMaxAnswerBytes(1_000);
        try (ProviderHttp http = builder(URI.create("http://stub"))
                .limits(small)
                .replies(request -> Reply.of(status, ReplyHeaders.none(), body))
                .build()) {
            http.streamProgress("thing", request(), StreamFormat.NDJSON, LONG_TIMEOUT, (event, exchange) -> {
                int n = event.json().path("n").asInt();
                received.add(n);
                return n == 0 ? StreamReader.Progress.DONE : StreamReader.Progress.OPEN;
            });
        }
    }
}
