package dev.architect.benchmarks.failover.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class FaultServerTest {

    private final FaultServer server = new FaultServer(FaultProfile.FAST);

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void answersWithSixtyTokensUsageAndAnEnd() throws Exception {
        String answer = ask("some/fb-ok", true, "");

        assertThat(answer).startsWith("HTTP/1.1 200").endsWith("data: [DONE]\n\n\r\n0\r\n\r\n");
        assertThat(answer.split("\"content\":\"", -1)).hasSize(62);
        assertThat(answer).contains("\"finish_reason\":\"stop\"", "\"prompt_tokens\":7", "\"completion_tokens\":60");
        assertThat(server.calls()).singleElement().satisfies(call -> {
            assertThat(call.lastRole()).isEqualTo("user");
            assertThat(call.promptTokens()).isEqualTo(7);
            assertThat(call.isStreamed()).isTrue();
        });
    }

    @Test
    void goesOnWhereThePrefillEnds() throws Exception {
        String turn = ",{\"role\":\"assistant\",\"content\":\"" + CanonicalAnswer.TEXT.substring(0, 40) + "\"}";

        assertThat(ask("fb-ok", true, turn)).doesNotContain("\"content\":\"A\"");
        assertThat(ask("fb-ok-noprefill", true, turn))
                .startsWith("HTTP/1.1 400")
                .contains("invalid_prefill");
        assertThat(CanonicalAnswer.TEXT.substring(0, 40) + CanonicalAnswer.after(CanonicalAnswer.TEXT.substring(0, 40)))
                .isEqualTo(CanonicalAnswer.TEXT);
        assertThat(CanonicalAnswer.tokens(CanonicalAnswer.TEXT)).hasSize(CanonicalAnswer.TOKENS);
    }

    @Test
    void faultsFollowTheNumberOfTheCallSinceTheReset() throws Exception {
        assertThat(ask("fb-s01-x", true, "")).startsWith("HTTP/1.1 429").contains("Retry-After: 2");
        assertThat(ask("fb-s01-x", true, "")).startsWith("HTTP/1.1 200");
        server.reset();
        assertThat(ask("fb-s01-x", true, "")).startsWith("HTTP/1.1 429");
        assertThat(server.calls()).hasSize(1);
        assertThat(ask("fb-s17-x", true, "")).startsWith("HTTP/1.1 404");
    }

    @Test
    void resetsTheConnectionBeforeAnyByte() {
        assertThatThrownBy(() -> ask("fb-s05-reset", true, ""))
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
    }

    @Test
    void cutsAStreamWithoutItsLastChunkAndABodyBelowItsLength() throws Exception {
        String stream = ask("fb-s08-cut", true, "");
        String whole = ask("fb-s08-cut", false, "");

        assertThat(stream.split("\"content\":\"", -1)).hasSize(42);
        assertThat(stream).doesNotContain("\r\n0\r\n");
        int head = whole.indexOf("\r\n\r\n") + 4;
        int length = Integer.parseInt(whole.replaceAll("(?s).*Content-Length: (\\d+).*", "$1"));
        assertThat(whole.length() - head).isBetween(length / 2, length - 1);
    }

    @Test
    void notesWhenTheClientLeaves() throws Exception {
        try (Socket socket = send("fb-s06-silent", true, "")) {
            while (server.calls().isEmpty()) {
                assertThat(socket.isClosed()).isFalse();
            }
        }
        while (server.calls().get(0).endMillis() < 0) {
            Thread.onSpinWait();
        }

        assertThat(server.calls().get(0).isHungUp()).isTrue();
        assertThat(server.calls().get(0).hangUpMillis()).isLessThan(FaultProfile.FAST.silenceMillis());
    }

    private String ask(String model, boolean isStreamed, String moreTurns) throws IOException {
        try (Socket socket = send(model, isStreamed, moreTurns)) {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Socket send(String model, boolean isStreamed, String moreTurns) throws IOException {
        Socket socket = new Socket(server.address().getHost(), server.address().getPort());
        String body = "{\"model\":\"" + model + "\",\"stream\":" + isStreamed
                + ",\"stream_options\":{\"include_usage\":true},\"messages\":[{\"role\":\"user\",\"content\":"
                + "\"Describe a river.\"}" + moreTurns + "]}";
        socket.getOutputStream()
                .write(("POST /v1/chat/completions HTTP/1.1\r\nConnection: close\r\nContent-Length: " + body.length()
                                + "\r\n\r\n" + body)
                        .getBytes(StandardCharsets.UTF_8));
        return socket;
    }
}
