package dev.architect.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.architect.cost.Money;
import dev.architect.prompt.ChatRequestCodec;
import dev.architect.usage.TokenUsage;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers of a few characters that stand for many digits cost no more than their characters. */
class NumberAllocationTest {

    private static final long MOST_BYTES = 1 << 20;

    private static final List<String> NUMBERS = List.of(
            "1e999999999",
            "-1e999999999",
            "1E+2147483647",
            "1e2147483648",
            "1e-999999999",
            "1e-2147483647",
            "1e99999999999999999999",
            "0e999999999",
            "0.0e-999999999",
            "1.5e100000000",
            "1e9999999",
            "1e9999",
            "-1e9999",
            "1e-9999");

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"prompt\":\"x\",\"maxOutputTokens\":%s}",
                "{\"prompt\":\"x\",\"temperature\":%s}",
                "{\"prompt\":%s}",
                "{\"prompt\":\"x\",\"outputSchema\":{\"name\":\"a\",\"schema\":{\"minimum\":%s}}}",
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":%s}]}]}"
            })
    void readingAChatRequest(String json) {
        assertSmall(number -> {
            ChatRequestCodec.write(ChatRequestCodec.read(json.replace("%s", number)));
        });
    }

    @Test
    void readingTokenCounts() {
        assertSmall(number -> TokenUsage.ofJson("{\"input\":" + number + "}"));
    }

    @Test
    void anAmountOfMoney() {
        assertSmall(Money::ofUsd);
        assertThat(Money.ofUsd(new BigDecimal("0e999999999"))).isEqualTo(Money.ZERO);
        assertThat(Money.ofUsd("9223372.036854775807").picoUsd()).isEqualTo(Long.MAX_VALUE);
        assertThat(Money.ofUsd("9e6").picoUsd()).isEqualTo(9_000_000_000_000_000_000L);
    }

    /** What is refused is refused as the caller's mistake. */
    private static void assertSmall(Consumer<String> reader) {
        // Classes that are loaded on the first use are not what is measured.
        for (String number : List.of("1", "1e99", "1e99999999999")) {
            try {
                reader.accept(number);
            } catch (IllegalArgumentException | ArithmeticException refused) {
                assertThat(refused).hasMessageNotContaining(String.valueOf((Object) null));
            }
        }
        for (String number : NUMBERS) {
            long thread = Thread.currentThread().getId();
            long before = THREADS.getThreadAllocatedBytes(thread);
            try {
                reader.accept(number);
            } catch (IllegalArgumentException | ArithmeticException refused) {
                assertThat(refused.getMessage()).hasSizeLessThan(300);
            }
            assertThat(THREADS.getThreadAllocatedBytes(thread) - before)
                    .as("bytes allocated for %s", number)
                    .isLessThan(MOST_BYTES);
        }
    }
}
