package dev.architect.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.cost.Money;
import dev.architect.cost.MoneyTotal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class JsonResponseWriterTest {

    private static String written(ObjectNode json) {
        return new String(JsonResponseWriter.bytes(json), StandardCharsets.UTF_8);
    }

    @Test
    void moneyIsExactAndNeverHasAnExponent() {
        ObjectNode json = JsonResponseWriter.object();
        JsonResponseWriter.putUsd(json, "least", Optional.of(new Money(1)));
        JsonResponseWriter.putUsd(json, "large", new MoneyTotal(new BigInteger("123456789012345678901234567890")));
        JsonResponseWriter.putUsd(json, "thousand", new MoneyTotal(BigInteger.TEN.pow(15)));
        JsonResponseWriter.putUsd(json, "zero", MoneyTotal.ZERO);
        JsonResponseWriter.putUsd(json, "none", Optional.empty());

        assertThat(written(json))
                .isEqualTo("{\"least\":0.000000000001,\"large\":123456789012345678.90123456789,"
                        + "\"thousand\":1000,\"zero\":0,\"none\":null}");
    }

    @Test
    void durationsAreMilliseconds() {
        ObjectNode json = JsonResponseWriter.object();
        JsonResponseWriter.putMillis(json, "short", Duration.ofNanos(1_234_567));
        JsonResponseWriter.putMillis(json, "long", Duration.ofHours(1));

        assertThat(written(json)).isEqualTo("{\"short\":1.234,\"long\":3600000}");
    }
}
