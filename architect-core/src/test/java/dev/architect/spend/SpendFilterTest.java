package dev.architect.spend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.cost.SpendDimension;
import dev.architect.model.FailureKind;
import dev.architect.task.TaskId;
import org.junit.jupiter.api.Test;

/** Filters of calls as people state them. */
final class SpendFilterTest {

    @Test
    void aFilterIsStatedByItsConditions() {
        TaskId task = new TaskId(7);
        SpendFilter filter = SpendFilter.ALL
                .withTag("team", "search")
                .withTask(task)
                .withFailure(FailureKind.RATE_LIMITED)
                .with(SpendDimension.COST_STATUS, "NOT_BILLED")
                .with(SpendDimension.PROVIDER, "claude");

        assertThat(filter.text())
                .isEqualTo(
                        "provider:claude costStatus:not-billed task:" + task + " failure:rate-limited tag:team=search");
        assertThat(SpendFilter.ALL.text()).isEmpty();
        assertThat(SpendFilter.ALL
                        .with(SpendDimension.KEY, "ci")
                        .with(SpendDimension.TASK_TYPE, "review")
                        .text())
                .isEqualTo("taskType:review key:ci");
    }

    @Test
    void whatIsNoPlainWordIsQuoted() {
        assertThat(SpendFilter.ALL.with(SpendDimension.USER, "ada b").text()).isEqualTo("user:\"ada b\"");
        assertThat(SpendFilter.ALL.with(SpendDimension.USER, "").text()).isEqualTo("user:\"\"");
        assertThat(SpendFilter.ALL.withTag("a", "b,\"c\"").text()).isEqualTo("tag:\"a=b,\\\"c\\\"\"");
    }
}
