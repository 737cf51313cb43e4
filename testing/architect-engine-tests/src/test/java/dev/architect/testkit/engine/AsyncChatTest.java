package dev.architect.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.Architect;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.Part;
import dev.architect.chat.ResponseCost;
import dev.architect.cost.Cost;
import dev.architect.cost.MoneyTotal;
import dev.architect.error.CapacityException;
import dev.architect.model.Complexity;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.project.ProjectId;
import dev.architect.request.Cancellation;
import dev.architect.request.RequestScope;
import dev.architect.route.Classification;
import dev.architect.route.ProviderStatus;
import dev.architect.route.Route;
import dev.architect.spi.Router;
import dev.architect.spi.RoutingContext;
import dev.architect.spi.TimeSource;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.usage.TokenUsage;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Direct requests with a scope: attribution, cancellation, and the asynchronous form. */
@Timeout(60)
final class AsyncChatTest {

    private static final ChatRequest REQUEST = ChatRequest.of("hello");

    private final BlockingRouter router = new BlockingRouter();
    private final Architect architect = Architect.builder()
            .store(new InMemoryStore(TimeSource.system()))
            .router((providers, time) -> router)
            .maxAsyncRequests(2)
            .withoutTaskExecution()
            .build();

    @AfterEach
    void close() {
        router.release.countDown();
        architect.close();
    }

    @Test
    void scopeReachesTheRouter() {
        router.release.countDown();
        RequestScope scope =
                RequestScope.of(new ProjectId("web")).withUser("u-17").withTag("feature", "search");

        architect.chat(REQUEST, scope);

        assertThat(router.last.scope()).isEqualTo(scope);
        assertThat(router.last.scope().attribution().tags()).containsEntry("feature", "search");
    }

    @Test
    void answersOnAnotherThread() throws Exception {
        CompletableFuture<ChatResponse> answer = architect.chatAsync(REQUEST, RequestScope.create());
        router.arrived.await();
        assertThat(answer).isNotDone();

        router.release.countDown();

        assertThat(answer.get().text()).isEqualTo("answer");
    }

    @Test
    void cancelledFutureCancelsTheCall() throws Exception {
        CompletableFuture<ChatResponse> answer = architect.chatAsync(REQUEST, RequestScope.create());
        router.arrived.await();

        assertThat(answer.cancel(true)).isTrue();

        assertThat(router.interrupted.await(60, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(answer::get).isInstanceOf(CancellationException.class);
    }

    @Test
    void cancellationOfTheScopeEndsAsynchronousCalls() throws Exception {
        RequestScope scope = RequestScope.create();
        CompletableFuture<ChatResponse> answer = architect.chatAsync(REQUEST, scope);
        router.arrived.await();

        scope.cancellation().cancel();

        ExecutionException failure = catchThrowableOfType(ExecutionException.class, answer::get);
        assertThat(((ProviderException) failure.getCause()).kind()).isEqualTo(FailureKind.CANCELLED);
    }

    @Test
    void cancelledScopeEndsABlockingCallAndLeavesNoInterruptBehind() {
        RequestScope scope = RequestScope.create();
        scope.cancellation().cancel();

        ProviderException failure = catchThrowableOfType(ProviderException.class, () -> architect.chat(REQUEST, scope));

        assertThat(failure.kind()).isEqualTo(FailureKind.CANCELLED);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void cancellationAfterTheAnswerInterruptsNothing() {
        router.release.countDown();
        RequestScope scope = RequestScope.create();
        architect.chat(REQUEST, scope);

        scope.cancellation().cancel();

        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void oneCancellationEndsSeveralRequests() {
        Cancellation shared = Cancellation.create();
        RequestScope scope = RequestScope.create().withCancellation(shared);
        CompletableFuture<ChatResponse> first = architect.chatAsync(REQUEST, scope);
        CompletableFuture<ChatResponse> second = architect.chatAsync(REQUEST, scope);

        shared.cancel();

        assertThatThrownBy(first::get).hasCauseInstanceOf(ProviderException.class);
        assertThatThrownBy(second::get).hasCauseInstanceOf(ProviderException.class);
    }

    @Test
    void rejectsMoreRequestsThanTheLimitAndRecovers() throws Exception {
        CompletableFuture<ChatResponse> first = architect.chatAsync(REQUEST, RequestScope.create());
        CompletableFuture<ChatResponse> second = architect.chatAsync(REQUEST, RequestScope.create());

        CapacityException full = catchThrowableOfType(
                CapacityException.class, () -> architect.chatAsync(REQUEST, RequestScope.create()));

        assertThat(full.isTransient()).isTrue();
        assertThat(full).hasMessage("asynchronous requests are 2, expected fewer than the limit of 2");
        router.release.countDown();
        first.get();
        second.get();
        assertThat(architect.chatAsync(REQUEST, RequestScope.create()).get().text())
                .isEqualTo("answer");
    }

    @Test
    void nullsAreRejectedWithClearMessages() {
        assertThatThrownBy(() -> architect.chat(null)).hasMessage("request is null, expected a value");
        assertThatThrownBy(() -> architect.chat(REQUEST, (RequestScope) null))
                .hasMessage("scope is null, expected a value");
        assertThatThrownBy(() -> architect.submit(null)).hasMessage("request is null, expected a value");
        assertThatThrownBy(() -> architect.tasks().find(null)).hasMessage("id is null, expected a value");
    }

    /** Answers when it is released, and fails as routers do when its thread is interrupted. */
    private static final class BlockingRouter implements Router {
        private final CountDownLatch arrived = new CountDownLatch(1);
        private final CountDownLatch release = new CountDownLatch(1);
        private final CountDownLatch interrupted = new CountDownLatch(1);
        private volatile RoutingContext last;

        @Override
        public ChatResponse chat(ChatRequest request, RoutingContext context) {
            last = context;
            arrived.countDown();
            ModelId model = new ModelId("fake", "model");
            try {
                release.await();
            } catch (InterruptedException cancelled) {
                Thread.currentThread().interrupt();
                interrupted.countDown();
                throw ProviderException.builder(model, FailureKind.CANCELLED)
                        .delivery(DeliveryStatus.UNKNOWN)
                        .build();
            }
            return new ChatResponse(
                    List.of(new Part.Text("answer")),
                    StopReason.COMPLETE,
                    model,
                    TokenUsage.of(1, 1),
                    new ResponseCost(Cost.UNPRICED, Cost.UNPRICED, MoneyTotal.ZERO),
                    route(request),
                    0,
                    List.of());
        }

        @Override
        public Route route(ChatRequest request) {
            return new Route(new Classification(Complexity.SIMPLE, 0, List.of()), List.of(), List.of());
        }

        @Override
        public List<ProviderStatus> providers() {
            return List.of();
        }

        @Override
        public void close() {}
    }
}
