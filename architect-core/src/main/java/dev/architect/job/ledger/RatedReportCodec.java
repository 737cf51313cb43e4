package dev.architect.job.ledger;

import dev.architect.cost.MoneyTotal;
import dev.architect.json.JsonFields;
import dev.architect.spend.RatedCalls;
import dev.architect.spend.RatedMoney;
import dev.architect.spend.RatedReport;
import dev.architect.spend.RatedSpend;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reports of ratings in documents: the numbers of a group are texts with blanks between them, since there may be many groups. */
final class RatedReportCodec {

    private RatedReportCodec() {}

    static Map<String, @Nullable Object> write(RatedReport report) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("catalogue", report.catalogueVersion());
        fields.put("total", write(report.total()));
        fields.put(
                "groups", report.groups().stream().map(RatedReportCodec::write).toList());
        Map<String, String> unpriced = new TreeMap<>();
        report.unpricedModels().forEach((model, calls) -> unpriced.put(model, calls.toString()));
        fields.put("unpriced", unpriced);
        return fields;
    }

    private static Map<String, String> write(RatedSpend spend) {
        RatedCalls calls = spend.calls();
        RatedMoney money = spend.money();
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("group", spend.group());
        fields.put(
                "calls",
                calls.all() + " " + calls.changed() + " " + calls.newlyPriced() + " " + calls.newlyUnpriced() + " "
                        + calls.unpriced());
        fields.put(
                "money",
                money.recorded().picoUsd() + " " + money.rated().picoUsd() + " "
                        + money.estimated().picoUsd() + " " + money.gained().picoUsd() + " "
                        + money.lost().picoUsd());
        return fields;
    }

    static RatedReport read(JsonFields fields) {
        SortedMap<String, Long> unpriced = new TreeMap<>();
        fields.textsByName("unpriced").forEach((model, calls) -> unpriced.put(model, Long.parseLong(calls)));
        return new RatedReport(
                fields.requiredText("catalogue"),
                spend(fields.object("total").orElseThrow()),
                fields.objects("groups").stream().map(RatedReportCodec::spend).toList(),
                unpriced);
    }

    private static RatedSpend spend(JsonFields fields) {
        String[] calls = fields.requiredText("calls").split(" ");
        String[] money = fields.requiredText("money").split(" ");
        return new RatedSpend(
                fields.text("group").orElse(""),
                new RatedCalls(
                        Long.parseLong(calls[0]),
                        Long.parseLong(calls[1]),
                        Long.parseLong(calls[2]),
                        Long.parseLong(calls[3]),
                        Long.parseLong(calls[4])),
                new RatedMoney(total(money[0]), total(money[1]), total(money[2]), total(money[3]), total(money[4])));
    }

    private static MoneyTotal total(String picoUsd) {
        return new MoneyTotal(new BigInteger(picoUsd));
    }
}
