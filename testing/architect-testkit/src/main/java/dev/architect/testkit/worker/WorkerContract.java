package dev.architect.testkit.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.Part;
import dev.architect.chat.StopReason;
import dev.architect.cost.Cost;
import dev.architect.cost.MoneyTotal;
import dev.architect.model.Complexity;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.route.Classification;
import dev.architect.route.Route;
import dev.architect.spi.TaskContext;
import dev.architect.spi.Worker;
import dev.architect.task.FencingToken;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.usage.TokenUsage;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Worker} keeps. A subclass gives the worker and a request it can perform with a model that answers
 * {@code "an answer"} to everything.
 */
public abstract class WorkerContract {

    /** Creates the contract. */
    protected WorkerContract() {}

    /** Returns the worker. */
    protected abstract Worker worker();

    /** Returns a request that the worker can perform. */
    protected abstract TaskRequest possible();

    /** Returns a request of a type of the worker that it can never perform. */
    protected abstract TaskRequest impossible();

    @Test
    void namesTheTypesItPerforms() {
        assertThat(worker().types())
                .isNotEmpty()
                .contains(possible().type(), impossible().type());
    }

    @Test
    void performsWhatIsPossible() throws Exception {
        worker().check(possible());

        assertThat(worker().perform(context(possible(), WorkerContract::answer)))
                .isNotNull();
    }

    @Test
    void performsTheSameTaskTwice() throws Exception {
        String first = worker().perform(context(possible(), WorkerContract::answer));

        assertThat(worker().perform(context(possible(), WorkerContract::answer)))
                .isEqualTo(first);
    }

    @Test
    void refusesWhatIsImpossibleBeforeItIsAccepted() {
        assertThatThrownBy(() -> worker().check(impossible()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected");
    }

    @Test
    void saysNothingOfThePayloadWhenItRefuses() {
        Throwable refusal = catchThrowable(() -> worker().check(impossible()));

        assertThat(impossible().payload()).hasSizeGreaterThan(5);
        assertThat(refusal.getMessage()).doesNotContain(impossible().payload());
    }

    @Test
    void passesAModelsFailureOn() {
        ProviderException failure = ProviderException.builder(new ModelId("fake", "model"), FailureKind.OVERLOADED)
                .build();

        Throwable thrown = catchThrowable(() -> worker().perform(context(possible(), request -> {
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
                Cost.NOT_BILLED,
                Cost.NOT_BILLED,
                MoneyTotal.ZERO,
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
            public boolean isCancelled() {
                return false;
            }

            @Override
            public ChatResponse chat(ChatRequest asked) {
                return model.apply(asked);
            }
        };
    }
}
