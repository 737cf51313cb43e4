package dev.architect.runtime.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.cost.Money;
import dev.architect.spend.InvoiceLine;
import dev.architect.spend.InvoiceMatching;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Invoices as comma-separated values. */
class InvoiceReaderTest {

    private static List<InvoiceLine> byDay(String text) {
        return InvoiceReader.read("may.csv", text, InvoiceMatching.DAY_AND_MODEL, InvoiceColumns.DEFAULT);
    }

    private static List<InvoiceLine> byRequest(String text) {
        return InvoiceReader.read("may.csv", text, InvoiceMatching.REQUEST, InvoiceColumns.DEFAULT);
    }

    @Test
    void readsDaysAndModels() {
        String text = "\uFEFFDate,note,MODEL,amount_usd\r\n"
                + "2026-10-03,\"a, b\r\nc\",haiku,$1.50\r\n"
                + "\r\n"
                + "2026-10-04T01:30:00+02:00,,\"opus \"\"5\"\"\",-0.000000000001\r\n"
                + " 2026-10-05 ,, sonnet ,2.500000000000000000";

        assertThat(byDay(text))
                .containsExactly(
                        new InvoiceLine(InvoiceLine.key(LocalDate.parse("2026-10-03"), "haiku"), Money.ofUsd("1.5")),
                        // On its day of UTC.
                        new InvoiceLine(InvoiceLine.key(LocalDate.parse("2026-10-03"), "opus \"5\""), new Money(-1)),
                        new InvoiceLine(InvoiceLine.key(LocalDate.parse("2026-10-05"), "sonnet"), Money.ofUsd("2.5")));
    }

    @Test
    void readsRequestsByColumnsOfOtherNames() {
        assertThat(InvoiceReader.read(
                        "may.csv",
                        "cost,id\n0.5,req_1\n0.25,req_1\n",
                        InvoiceMatching.REQUEST,
                        InvoiceColumns.DEFAULT.with("request", "id").with("amount", "cost")))
                .containsExactly(
                        new InvoiceLine("req_1", Money.ofUsd("0.5")), new InvoiceLine("req_1", Money.ofUsd("0.25")));
        assertThatThrownBy(() -> InvoiceColumns.DEFAULT.with("price", "cost"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("column is 'price', expected one of request, day, model, amount");
    }

    @Test
    void everyProblemHasItsLineAndColumn() {
        String text = "date,model,amount_usd\n"
                + "2026-10-03,haiku,1\n"
                + "\n"
                + "\"2026-10-33\",\"a,b\",1.2.3\n"
                + "2026-10-04,\"two\nlines\",1\n"
                + "2026-10-05,haiku\n"
                + "2026-10-06,,0.0000000000001\n";

        assertThatThrownBy(() -> byDay(text))
                .isInstanceOfSatisfying(
                        InvoiceException.class,
                        failure -> assertThat(failure.problems())
                                .containsExactly(
                                        "may.csv:4:1: date is '2026-10-33', expected a day such as 2026-10-03 or a time such as"
                                                + " 2026-10-03T12:00:00Z",
                                        "may.csv:4:20: amount_usd is '1.2.3', expected dollars such as 12.34, at most nine million and"
                                                + " with at most 12 decimal places",
                                        "may.csv:7:1: line has 2 fields, expected 3",
                                        "may.csv:8:12: model is empty, expected a text",
                                        "may.csv:8:13: amount_usd is '0.0000000000001', expected dollars such as 12.34, at most nine"
                                                + " million and with at most 12 decimal places"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | may.csv is empty, expected a line of names and lines of amounts",
                "'id,amount_usd' | may.csv:1:1: request_id is missing, expected it among id, amount_usd",
                "'request_id,amount_usd,Amount_USD' | may.csv:1:1: amount_usd is there twice",
                "'request_id,amount_usd\n\"a,1' | has a quote in the wrong place",
                "'request_id,amount_usd\na,10000000' | expected dollars such as 12.34, at most nine million"
            })
    void whatIsNoInvoiceIsRefused(String text, String message) {
        assertThatThrownBy(() -> byRequest(text.replace("\\n", "\n")))
                .isInstanceOf(InvoiceException.class)
                .hasMessageContaining(message);
    }

    @Test
    void namesTheFirstHundredProblems() {
        String text = "request_id,amount_usd\n" + ",x\n".repeat(1_000);

        assertThatThrownBy(() -> byRequest(text))
                .isInstanceOfSatisfying(
                        InvoiceException.class,
                        failure -> assertThat(failure.problems()).hasSize(100));
    }
}
