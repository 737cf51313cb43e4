package dev.architect.store.postgres.cluster;

import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.spi.TaskContext;
import dev.architect.spi.Worker;
import java.time.Duration;
import java.util.Set;

/** Does with each task what its script says, on one node. */
final class ScriptedWorker implements Worker {

    private final ClusterHistory history;
    private final String node;

    ScriptedWorker(ClusterHistory history, String node) {
        this.history = history;
        this.node = node;
    }

    @Override
    public Set<String> types() {
        return Set.of(TaskScript.TYPE);
    }

    @Override
    public String perform(TaskContext context) throws Exception {
        Performance performance = history.begins(node, context.fencingToken());
        try {
            perform(history.script(context.request()), context);
            return ClusterHistory.output(context.fencingToken());
        } catch (InterruptedException stop) {
            performance.interrupted(System.nanoTime());
            throw stop;
        } finally {
            performance.ended(System.nanoTime());
        }
    }

    private void perform(TaskScript script, TaskContext context) throws InterruptedException {
        boolean goesWrong = context.attempt() <= script.times();
        if (script.kind() == TaskScript.Kind.TIMES_OUT && goesWrong) {
            work(Duration.ofHours(1));
        }
        work(script.kind() == TaskScript.Kind.TIMES_OUT ? Duration.ZERO : script.duration());
        switch (script.kind()) {
            case FAILS_FOR_GOOD -> throw new IllegalArgumentException("scripted");
            case FAILS -> {
                if (goesWrong) {
                    throw new IllegalStateException("scripted");
                }
            }
            case THROWS_AN_ERROR -> {
                if (goesWrong) {
                    throw new NoClassDefFoundError("scripted");
                }
            }
            case IS_UNAVAILABLE -> {
                if (context.fencingToken().epoch() <= script.times()) {
                    throw ProviderException.builder(new ModelId("scripted", "model"), FailureKind.RATE_LIMITED)
                            .delivery(DeliveryStatus.NOT_SENT)
                            .retryAfter(Duration.ofMillis(500))
                            .build();
                }
            }
            case SUCCEEDS, TIMES_OUT -> {
                // It has.
            }
        }
    }

    private void work(Duration duration) throws InterruptedException {
        history.time().sleep(duration);
    }
}
