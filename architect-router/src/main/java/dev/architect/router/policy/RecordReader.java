package dev.architect.router.policy;

import dev.architect.router.yaml.YamlObject;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** Reads which decisions are recorded. */
final class RecordReader {

    private RecordReader() {}

    static RecordSettings read(YamlObject root) {
        Optional<YamlObject> object = root.object("records");
        if (object.isEmpty()) {
            return RecordSettings.OFF;
        }
        YamlObject given = object.get().allowOnly(List.of("rate")).require("rate", "0.0..1.0");
        Optional<BigDecimal> rate = given.amount("rate");
        if (rate.filter(share -> share.compareTo(BigDecimal.ONE) > 0).isPresent()) {
            given.problem("rate", "is " + rate.get() + ", expected 0.0..1.0");
            return RecordSettings.OFF;
        }
        return rate.map(share -> new RecordSettings(share.doubleValue())).orElse(RecordSettings.OFF);
    }
}
