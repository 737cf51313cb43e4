package dev.architect.testkit.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.architect.attempt.FencingToken;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.Part;
import dev.architect.chat.ResponseCost;
import dev.architect.cost.Cost;
import dev.architect.cost.MoneyTotal;
import dev.architect.graph.ParentOutcome;
import dev.architect.model.Complexity;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.route.Classification;
import dev.architect.route.Route;
import dev.architect.spi.TaskContext;
import dev.architect.spi.Worker;
import dev.architect.step.StepBody;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.usage.TokenUsage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Worker} must do. A subclass provides the worker and a request that it can perform with a model that answers
 * {@code "an answer"} to everything.
 */
public abstract class WorkerContract {

    /** Creates the contract. */
    protected WorkerContract() {}

    /** Returns the worker. */
    protected abstract Worker worker();

    /** Returns a request that the worker can perform. */
    protected abstract TaskRequest validRequest();

    /** Returns a request of a type of the worker that it can never perform. */
    protected abstract TaskRequest invalidRequest();

    @Test
    void namesTheTypesItPerforms() {
        assertThat(worker().types())
                .isNotEmpty()
                .contains(validRequest().type(), invalidRequest().type());
    }

    @Test
    void performsAValidRequest() throws Exception {
        worker().check(validRequest());

        assertThat(worker().perform(context(validRequest(), WorkerContract::answer)))
                .isNotNull();
    }

    @Test
    void performsTheSameTaskTwice() throws Exception {
        String first = worker().perform(context(validRequest(), WorkerContract::answer));

        assertThat(worker().perform(context(validRequest(), WorkerContract::answer)))
                .isEqualTo(first);
    }

    @Test
    void rejectsAnInvalidRequestBeforeItIsAccepted() {
        assertThatThrownBy(() -> worker().check(invalidRequest()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected");
    }

    @Test
    void omitsThePayloadFromItsRejection() {
        Throwable rejection = catchThrowable(() -> worker().check(invalidRequest()));

        assertThat(invalidRequest().payload()).hasSizeGreaterThan(5);
        assertThat(rejection.getMessage()).doesNotContain(invalidRequest().payload());
    }

    @Test
    void passesOnFailuresOfTheModel() {
        ProviderException failure = ProviderException.builder(new ModelId("fake", "model"), FailureKind.OVERLOADED)
                .build();

        Throwable thrown = catchThrowable(() -> worker().perform(context(validRequest(), request -> {
            throw failure;
        })));

        assertThat(thrown).isSameAs(failure);
    }

    private static ChatResponse answer(ChatRequest request) {
        return new ChatResponse(
                List.of(new Part.Text("an answer")),
                StopReason.COMPLETE,
                new ModelId("fake", "model"),
                TokenUsage.of(1, 1),
                new ResponseCost(Cost.NOT_BILLED, Cost.NOT_BILLED, MoneyTotal.ZERO),
                new Route(new Classification(Complexity.SIMPLE, 0, List.of()), List.of(), List.of()),
                0,
                List.of());
    }

    private static TaskContext context(TaskRequest request, Function<ChatRequest, ChatResponse> model) {
        return new TaskContext() {
            @Override
            public TaskRequest request() {
                return request;
            }

            @Override
            public FencingToken fencingToken() {
                return new FencingToken(new TaskId(1), 1, 1);
            }

            @Override
            public int attempt() {
                return 1;
            }

            @Override
            public Optional<String> input() {
                return Optional.empty();
            }

            @Override
            public List<ParentOutcome> parents() {
                return List.of();
            }

            @Override
            public boolean isCancelled() {
                return false;
            }

            @Override
            public boolean isEndRequested() {
                return false;
            }

            @Override
            public ChatResponse chat(ChatRequest chatRequest) {
                return model.apply(chatRequest);
            }

            @Override
            public <E extends Exception> String step(String name, StepBody<E> body) throws E {
                return body.run();
            }

            @Override
            public void progress(int percent, String note, Map<String, String> data) {
                // Nobody looks.
            }

            @Override
            public void output(String chunk) {
                // Nobody looks.
            }

            @Override
            public void heartbeat() {
                // Nobody looks.
            }
        };
    }
}
