package dev.architect.project;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What costs are filed under. */
final class AttributionTest {

    @Test
    void theKeyIsTheNameOfTheAgentsToken() {
        Attribution agent = Attribution.DEFAULT.withUser("agent:ci-2.build");

        assertThat(agent.key()).contains("ci-2.build");
        assertThat(agent.withTag("team", "search")
                        .withProject(new ProjectId("shop"))
                        .key())
                .contains("ci-2.build");
    }

    @ParameterizedTest
    @ValueSource(strings = {"eve", "agent", "agent:", "Agent:ci", "an agent:ci", "user:agent:ci"})
    void othersHaveNoKey(String user) {
        assertThat(Attribution.DEFAULT.withUser(user).key()).isEmpty();
        assertThat(Attribution.DEFAULT.key()).isEmpty();
    }
}
