package dev.architect.router.pricing;

import dev.architect.cost.Price;
import dev.architect.cost.PriceCatalogue;
import dev.architect.router.yaml.YamlFile;
import dev.architect.router.yaml.YamlObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a price file and collects everything that is wrong with it. */
final class PriceReader {

    private static final int MAX_ENTRIES = 2_000;

    private final YamlFile file;
    private final List<Row> rows = new ArrayList<>();
    private final Map<String, List<Row>> byModel = new HashMap<>();

    private PriceReader(String name) {
        this.file = new YamlFile(name);
    }

    static PriceCatalogue load(Path path) {
        PriceReader reader = new PriceReader(path.toString());
        return reader.read(reader.file.read(path));
    }

    static PriceCatalogue parse(String name, String yaml) {
        return new PriceReader(name).read(Optional.of(yaml));
    }

    private PriceCatalogue read(Optional<String> text) {
        Optional<PriceCatalogue> catalogue = text.flatMap(file::parse).flatMap(this::catalogue);
        if (catalogue.isEmpty() || !file.isValid()) {
            throw new PriceException(file.problems());
        }
        return catalogue.get();
    }

    private Optional<PriceCatalogue> catalogue(YamlObject root) {
        root.allowOnly(List.of("version", "base", "currency", "prices"))
                .require("version", "a name for this state of the prices")
                .require("prices", "a list of prices");
        Optional<String> version = root.text("version");
        boolean alone = root.text("base", "none or standard", base -> switch (base) {
                    case "none" -> Boolean.TRUE;
                    case "standard" -> Boolean.FALSE;
                    default -> null;
                })
                .orElse(false);
        root.text("currency", "USD", currency -> "USD".equals(currency) ? currency : null);
        List<YamlObject> entries = root.objects("prices");
        if (entries.size() > MAX_ENTRIES) {
            root.problem("prices", "has " + entries.size() + " entries, expected at most " + MAX_ENTRIES);
            return Optional.empty();
        }
        entries.stream().filter(entry -> !entry.has("pricesOf")).forEach(this::add);
        List<Price> listed = rows.stream().map(Row::price).toList();
        entries.stream()
                .filter(entry -> entry.has("pricesOf"))
                .forEach(entry -> add(
                        entry,
                        entry.has("model")
                                ? VendorAlias.prices(entry, listed)
                                : VendorAlias.samePrices(entry, known(listed, alone))));
        if (!file.isValid() || version.isEmpty()) {
            return Optional.empty();
        }
        List<Price> own = rows.stream().map(Row::price).toList();
        return Optional.of(
                alone
                        ? new PriceCatalogue(version.get(), own)
                        : Prices.standard().with(version.get(), own));
    }

    /** What the file lists, and what it adds to. */
    private static List<Price> known(List<Price> listed, boolean alone) {
        return alone ? listed : Prices.standard().with("known", listed).prices();
    }

    /** Adds the rows of one entry, unless one of them claims what an earlier entry has. */
    private void add(YamlObject entry) {
        add(entry, new PriceEntry(entry).prices());
    }

    private void add(YamlObject entry, List<Price> prices) {
        for (Price price : prices) {
            // By model: rows of different ones never overlap, and a file has thousands.
            List<Row> ofModel =
                    byModel.computeIfAbsent(price.provider() + "/" + price.model(), model -> new ArrayList<>());
            Optional<Row> rival = ofModel.stream()
                    .filter(row -> row.entry != entry && row.price.overlaps(price))
                    .findFirst();
            if (rival.isPresent()) {
                file.problem(
                        entry,
                        "prices " + price.provider() + "/" + price.model() + " as line "
                                + rival.get().entry.line() + " does, expected one price at a time");
                return;
            }
            Row row = new Row(entry, price);
            rows.add(row);
            ofModel.add(row);
        }
    }

    private record Row(YamlObject entry, Price price) {}
}
