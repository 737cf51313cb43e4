package dev.architect.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.LedgerEntry;
import dev.architect.server.gateway.GatewayFixture.StreamEvent;
import dev.architect.simulator.script.Outage;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A stream whose call breaks after its first content goes on only where nothing has to be taken back. */
final class GatewayRescueTest {

    private static final String ASK = "{\"model\":\"auto:best\",\"stream\":true,"
            + "\"messages\":[{\"role\":\"user\",\"content\":\"Compare two sorting algorithms in detail.\"}]}";

    @Test
    void whatAnotherModelAnswersDifferentlyEndsInAnErrorAndBothCallsAreInTheLedger() {
        try (GatewayFixture gateway = new GatewayFixture()) {
            HttpResponse<String> whole = gateway.chat(ASK);
            String first = GatewayFixture.header(whole, "architect-provider");
            gateway.simulator.setOutage(first, Outage.CUT);

            HttpResponse<String> broken = gateway.chat(ASK);

            assertThat(broken.statusCode()).isEqualTo(200);
            assertThat(GatewayFixture.header(broken, "architect-provider")).isEqualTo(first);
            List<StreamEvent> events = GatewayFixture.events(broken);
            assertThat(events.get(events.size() - 1).json().at("/error/message").textValue())
                    .isEqualTo("the answer broke off, and no other model continued it");
            assertThat(text(events)).isNotBlank();
            assertThat(text(GatewayFixture.events(whole))).startsWith(text(events));
            // The newest first: the call of the model that began a different answer was ended at once.
            assertThat(gateway.ledger(GatewayFixture.header(broken, "x-request-id")))
                    .extracting(LedgerEntry::outcome)
                    .containsExactly(CallOutcome.CANCELLED, CallOutcome.FAILED);
        }
    }

    private static String text(List<StreamEvent> events) {
        return events.stream()
                .filter(event -> event.data().startsWith("{"))
                .map(StreamEvent::json)
                .map((JsonNode chunk) -> chunk.at("/choices/0/delta/content").asText(""))
                .reduce("", String::concat);
    }
}
