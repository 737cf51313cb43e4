package dev.architect.router.pricing;

import dev.architect.cost.Price;
import dev.architect.cost.PriceCatalogue;
import dev.architect.router.yaml.YamlFile;
import dev.architect.router.yaml.YamlObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Reads a price file and collects everything that is wrong with it. */
final class PriceReader {

    private static final int MAX_ENTRIES = 2_000;

    private final YamlFile file;
    private final List<Row> rows = new ArrayList<>();

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
        entries.forEach(this::add);
        if (!file.isValid() || version.isEmpty()) {
            return Optional.empty();
        }
        List<Price> own = rows.stream().map(Row::price).toList();
        return Optional.of(alone ? new PriceCatalogue(version.get(), own) : onTop(version.get(), own));
    }

    /** Adds the rows of one entry, unless one of them claims what an earlier entry has. */
    private void add(YamlObject entry) {
        for (Price price : new PriceEntry(entry).prices()) {
            Optional<Row> rival = rows.stream()
                    .filter(row -> row.entry != entry && row.price.overlaps(price))
                    .findFirst();
            if (rival.isPresent()) {
                file.problem(
                        entry.line(),
                        entry.path(),
                        "prices " + price.provider() + "/" + price.model() + " as line "
                                + rival.get().entry.line() + " does, expected one price at a time");
                return;
            }
            rows.add(new Row(entry, price));
        }
    }

    private static PriceCatalogue onTop(String version, List<Price> own) {
        PriceCatalogue standard = Prices.standard();
        Stream<Price> kept =
                standard.prices().stream().filter(price -> own.stream().noneMatch(over(price)));
        return new PriceCatalogue(
                standard.version() + "+" + version,
                Stream.concat(kept, own.stream()).toList());
    }

    private static Predicate<Price> over(Price standard) {
        return own -> own.provider().equals(standard.provider())
                && own.model().equals(standard.model())
                && own.match() == standard.match()
                && own.serviceTier().equals(standard.serviceTier());
    }

    private record Row(YamlObject entry, Price price) {}
}
