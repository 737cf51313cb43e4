package dev.architect.testkit.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.model.ProviderHealth;
import dev.architect.simulator.script.Outage;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Health probes, which never throw for a provider that is down. */
abstract class ProviderProbeCases extends ProviderCases {

    ProviderProbeCases(ModelProviderContract contract) {
        super(contract);
    }

    @Test
    void isUpWhenTheProviderAnswers() {
        assertThat(provider().probe()).isEqualTo(ProviderHealth.up());
    }

    @Test
    void callsNoModel() {
        provider().probe();

        assertThat(simulator().log()).isNotEmpty().noneMatch(call -> call.isModelCall() || call.billedPicoUsd() > 0);
    }

    @Test
    void isDownWhenThePortIsClosed() throws Exception {
        ProviderHealth health = openAt(closedPort(), name -> Optional.of(KEY)).probe();

        assertThat(health.reachable()).isFalse();
        assertThat(health.usable()).isFalse();
        assertThat(health.detail()).isNotBlank();
    }

    @Test
    void isReachableButNotUsableWhenTheProviderAnswersWithAnError() {
        configure(script -> script.withOutage(Outage.HTTP_503));

        ProviderHealth health = provider().probe();

        assertThat(health.reachable()).isTrue();
        assertThat(health.usable()).isFalse();
    }

    @Test
    void isNotUsableWithAWrongKeyWhereTheProbeChecksIt() {
        ProviderHealth health = open(name -> Optional.of("sk-wrong")).probe();

        assertThat(health.reachable()).isTrue();
        assertThat(health.usable()).isEqualTo(!contract.probeChecksKey());
        assertThat(health.detail()).doesNotContain("sk-wrong");
    }

    @Test
    void isNotUsableWhenTheConnectionIsReset() {
        configure(script -> script.withOutage(Outage.REFUSE));

        assertThat(provider().probe().usable()).isFalse();
    }
}
