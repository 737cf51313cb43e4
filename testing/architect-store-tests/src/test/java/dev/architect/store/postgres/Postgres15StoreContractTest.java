package dev.architect.store.postgres;

import dev.architect.postgres.PostgresDatabase;
import dev.architect.postgres.PostgresServer.Version;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The contract on the oldest version. All of it is run with the slow tests; without them the cases in which transactions meet or the planner
 * chooses, since {@link Postgres18StoreContractTest} always runs everything. Each store has connections of its own.
 */
@ExtendWith(Postgres15StoreContractTest.Slice.class)
class Postgres15StoreContractTest extends PostgresStoreContract {

    private static final Set<String> ALWAYS = Set.of(
            "Claim", "Concurrency", "TwoHandles", "UniqueKeyRaces", "Limits", "Lanes", "Affinity", "DependencyRaces");

    Postgres15StoreContractTest() {
        super(Version.V15);
    }

    @Override
    PostgresStoreBuilder builder(PostgresDatabase database) {
        return PostgresStore.builder(database.jdbcUrl()).user(database.user()).password(database.password());
    }

    /** Leaves out the other cases. */
    static final class Slice implements ExecutionCondition {

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            boolean isOther = context.getTestClass()
                    .filter(group -> group.isAnnotationPresent(Nested.class))
                    .filter(group -> !ALWAYS.contains(group.getSimpleName()))
                    .isPresent();
            return isOther && !Boolean.getBoolean("architect.slow")
                    ? ConditionEvaluationResult.disabled("run with the slow tests, and on the newest version always")
                    : ConditionEvaluationResult.enabled("always run");
        }
    }
}
