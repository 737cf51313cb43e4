package dev.architect.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.cost.Cost;
import dev.architect.model.Complexity;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class NoRouteExceptionTest {

    private static final ModelId MODEL = ModelId.parse("claude/sonnet");
    private static final Classification SIMPLE = new Classification(Complexity.SIMPLE, 0, List.of());

    @Test
    void messageNamesEveryExclusionWhenThereIsNoCandidate() {
        Route route = new Route(
                SIMPLE,
                List.of(),
                List.of(
                        new Exclusion.Disabled(MODEL),
                        new Exclusion.ProviderNotConfigured(ModelId.parse("gemini/flash"))));

        assertThat(new NoRouteException(route, List.of(), NoRouteException.Prospect.NONE, null))
                .hasMessage("no model may answer: claude/sonnet is switched off in the policy; gemini/flash needs"
                        + " provider gemini, which is not configured");
    }

    @Test
    void messageNamesEveryFailureOfTheCandidates() {
        ProviderException failure =
                ProviderException.builder(MODEL, FailureKind.OVERLOADED).build();

        NoRouteException exception =
                new NoRouteException(oneCandidate(), List.of(failure), NoRouteException.Prospect.RETRY, null);

        assertThat(exception)
                .hasMessage("none of 1 candidates answered: " + failure.getMessage())
                .hasCause(failure);
        assertThat(new NoRouteException(oneCandidate(), List.of(), NoRouteException.Prospect.RETRY, null))
                .hasMessage("none of 1 candidates answered");
    }

    @Test
    void messageSurvivesSerializationThoughTheRouteDoesNot() throws IOException, ClassNotFoundException {
        NoRouteException exception =
                new NoRouteException(oneCandidate(), List.of(), NoRouteException.Prospect.RETRY, null);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(exception);
        }

        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat((NoRouteException) in.readObject()).hasMessage("none of 1 candidates answered");
        }
    }

    private static Route oneCandidate() {
        CostEstimate estimate = new CostEstimate(5, 120, Cost.UNPRICED);
        Candidate candidate = new Candidate(MODEL, 88, estimate, SelectionReason.NAMED_BY_REQUEST, QualityFloor.NONE);
        return new Route(SIMPLE, List.of(candidate), List.of());
    }
}
