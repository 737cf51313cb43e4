package dev.architect.library.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.request.CallLimits;
import dev.architect.spi.AnswerAssembler;
import dev.architect.spi.ProviderCall;
import dev.architect.testkit.provider.ProviderCalls;
import dev.architect.testkit.time.ManualTime;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LibraryCallLimitsTest {

    private static final CallLimits LIMITS =
            new CallLimits(Duration.ofSeconds(3), Duration.ofSeconds(4), Duration.ofSeconds(5), Duration.ofSeconds(60));

    private final ManualTime time = new ManualTime();
    private final ThreadRunner threads = new ThreadRunner("limits");
    private final LibraryCallExecutor calls = new LibraryCallExecutor("stub", time, failure -> Optional.empty());

    @AfterEach
    void close() {
        calls.close();
        threads.close();
    }

    @Test
    void headAndFirstTokenHaveTheSumOfTheirLimits() throws Exception {
        CompletableFuture<Throwable> ended = start(delta -> {}, (running, answer) -> {});
        time.awaitWaiting(1);
        time.advance(Duration.ofMillis(6999));
        assertThat(ended).isNotDone();

        time.advance(Duration.ofMillis(1));

        assertEnded(ended, FailureKind.TIMEOUT, "no content within PT7S (headers + firstToken)", 0);
    }

    @Test
    void aDeliveryWithoutContentIsNoFirstToken() throws Exception {
        CompletableFuture<Throwable> ended =
                start(delta -> {}, (running, answer) -> running.deliver(() -> answer.reportModel("large-1")));
        time.awaitWaiting(1);

        time.advance(Duration.ofSeconds(7));

        assertEnded(ended, FailureKind.TIMEOUT, "no content within PT7S", 0);
    }

    @Test
    void silenceAfterTheFirstTokenBreaksTheStream() throws Exception {
        CompletableFuture<Throwable> ended = start(
                // The time of the listener is no silence.
                delta -> time.advance(Duration.ofSeconds(20)),
                (running, answer) -> running.deliver(() -> answer.appendText("Hello")));
        time.awaitWaiting(1);
        time.advance(Duration.ofMillis(4999));
        assertThat(ended).isNotDone();

        time.advance(Duration.ofMillis(1));

        assertEnded(ended, FailureKind.PROTOCOL, "answer fell silent for PT5S (idle)", 5);
    }

    @Test
    void theWholeEndsInTime() throws Exception {
        CompletableFuture<Throwable> ended = start(
                delta -> time.advance(Duration.ofSeconds(60)),
                (running, answer) -> running.deliver(() -> answer.appendText("Hello")));

        assertEnded(ended, FailureKind.TIMEOUT, "answer not complete within PT1M (total)", 5);
    }

    private CompletableFuture<Throwable> start(ChatListener listener, LibrarySide library) throws Exception {
        ProviderCall call = new ProviderCall("large", ChatRequest.of("Hi"), LIMITS);
        AnswerAssembler answer = AnswerAssembler.of(new ModelId("stub", "large"), call.request(), listener);
        CompletableFuture<Void> begun = new CompletableFuture<>();
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        Consumer<LibraryCall<String>> side = running -> {
            library.run(running, answer);
            begun.complete(null);
        };
        threads.start("caller", () -> ended.complete(ProviderCalls.failure(() -> calls.execute(call, answer, side))));
        begun.get(60, TimeUnit.SECONDS);
        return ended;
    }

    private static void assertEnded(
            CompletableFuture<Throwable> ended, FailureKind kind, String explanation, long characters)
            throws Exception {
        ProviderException failure = (ProviderException) ended.get(60, TimeUnit.SECONDS);
        assertThat(failure.kind()).as(failure.toString()).isEqualTo(kind);
        assertThat(failure).hasMessageContaining(explanation);
        assertThat(failure.receivedCharacters()).isEqualTo(characters);
        assertThat(failure.delivery())
                .isEqualTo(
                        characters > 0 || !failure.answeringModel().isEmpty()
                                ? DeliveryStatus.ANSWERED
                                : DeliveryStatus.UNKNOWN);
    }

    /** What the library does with a call. */
    private interface LibrarySide {
        void run(LibraryCall<String> running, AnswerAssembler answer);
    }
}
