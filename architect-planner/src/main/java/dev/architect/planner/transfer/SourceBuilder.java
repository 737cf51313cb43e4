package dev.architect.planner.transfer;

import dev.architect.json.JsonText;
import dev.architect.project.Actor;
import dev.architect.project.Project;
import dev.architect.project.ProjectDraft;
import dev.architect.project.board.ColumnDraft;
import dev.architect.project.board.LabelDraft;
import dev.architect.project.board.Stage;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemDraft;
import dev.architect.project.milestone.MilestoneDraft;
import dev.architect.project.transfer.ImportException;
import dev.architect.project.transfer.ImportFinding;
import dev.architect.project.transfer.SourceItem;
import dev.architect.project.transfer.SourceLink;
import dev.architect.project.transfer.SourceProject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Collects what a file says about one project, and what a person should know of it. */
final class SourceBuilder {

    private static final int MAX_NAME = 60;
    private static final int MAX_ACTOR = 128;
    private static final int MAX_TITLE = 200;
    private static final int MOST_PEOPLE = 20;
    private static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");
    private static final Pattern HSL =
            Pattern.compile("([0-9]{1,3}(?:\\.[0-9]+)?) +([0-9]{1,3}(?:\\.[0-9]+)?)% +([0-9]{1,3}(?:\\.[0-9]+)?)%");
    private static final Pattern HEX = Pattern.compile("#?([0-9a-fA-F]{6})");

    private final String format;
    private final ImportOptions options;
    private final Set<String> held;
    private Optional<String> prefix = Optional.empty();
    private final String title;
    private Optional<String> colour = Optional.empty();
    private final Map<String, ColumnDraft> columns = new LinkedHashMap<>();
    private final Map<String, LabelDraft> labels = new LinkedHashMap<>();
    private final Map<String, MilestoneDraft> milestones = new LinkedHashMap<>();
    private final List<SourceItem> items = new ArrayList<>();
    private final List<SourceLink> links = new ArrayList<>();
    private final Map<String, ImportFinding> findings = new LinkedHashMap<>();

    SourceBuilder(ImportFormat format, ImportOptions options, Set<String> held, String place, String title) {
        this.format = format.word();
        this.options = options;
        this.held = held;
        if (title.isBlank()) {
            throw new ImportException(place, "title", "empty", "the title of a project");
        }
        this.title = title.length() > MAX_TITLE ? title.substring(0, MAX_TITLE) : title;
        if (title.length() > MAX_TITLE) {
            find(place, "title", "has " + title.length() + " characters: it is cut to " + MAX_TITLE);
        }
    }

    ImportOptions options() {
        return options;
    }

    void prefix(String key) {
        int dash = key.indexOf('-');
        String letters = dash < 0 ? "" : key.substring(0, dash);
        if (prefix.isEmpty() && isPrefix(letters)) {
            prefix = Optional.of(letters);
        }
    }

    static boolean isPrefix(String text) {
        try {
            Project.checkPrefix(text);
            return true;
        } catch (IllegalArgumentException other) {
            return false;
        }
    }

    void colour(String place, String text) {
        colour = hex(place, "color", text);
    }

    /** Names a finding once. */
    void find(String place, String field, String message) {
        findings.putIfAbsent(place + "\n" + field + "\n" + message, new ImportFinding(place, field, message));
    }

    /** Adds a column that the file describes. */
    void column(String place, String status, Optional<Stage> known, boolean isHidden, Optional<String> colour) {
        String key = status.strip().toLowerCase(Locale.ROOT);
        if (columns.containsKey(key)) {
            return;
        }
        if (status.isBlank() || status.strip().length() > MAX_NAME) {
            throw new ImportException(
                    place, "status", "'" + status + "'", "a name of 1 to " + MAX_NAME + " characters");
        }
        Stage stage = options.stage(status).or(() -> known).orElse(Stage.BACKLOG);
        if (options.stage(status).isEmpty() && known.isEmpty()) {
            find(
                    place,
                    "status",
                    "'" + status
                            + "' has no stage that is known: its column is of stage backlog. Say what it means, such as "
                            + "'" + status + "=review'");
        }
        columns.put(key, new ColumnDraft(status.strip(), stage, isHidden, OptionalInt.empty(), colour));
    }

    /** The title of the column for a status. */
    String column(String place, String status, Optional<Stage> known) {
        column(place, status, known, false, Optional.empty());
        return Optional.ofNullable(columns.get(status.strip().toLowerCase(Locale.ROOT)))
                .orElseThrow()
                .title();
    }

    /** Adds a label, and returns its name; none for one that cannot be kept. */
    Optional<String> label(String place, String name, Optional<String> colour, String description) {
        String plain = name.strip();
        if (plain.isEmpty() || plain.length() > MAX_NAME) {
            find(place, "labels", "'" + name + "' is left out: names have 1 to " + MAX_NAME + " characters");
            return Optional.empty();
        }
        String key = plain.toLowerCase(Locale.ROOT);
        labels.computeIfAbsent(
                key,
                each -> new LabelDraft(
                        plain,
                        colour.flatMap(text -> hex(place, "color", text)).orElse(LabelDraft.DEFAULT_COLOUR),
                        cut(place, "description", description, 500)));
        return Optional.of(Optional.ofNullable(labels.get(key)).orElseThrow().name());
    }

    /** The labels of an item; those beyond what one may have are left out. */
    List<String> labels(String place, List<Optional<String>> found) {
        Set<String> names = new LinkedHashSet<>();
        found.forEach(each -> each.ifPresent(names::add));
        if (names.size() > MOST_PEOPLE) {
            find(place, "labels", "are " + names.size() + ": those after the first " + MOST_PEOPLE + " are left out");
        }
        return names.stream().limit(MOST_PEOPLE).toList();
    }

    String milestone(String place, String name, String description, Optional<LocalDate> target) {
        String plain = cut(place, "milestone", name.strip(), MAX_TITLE);
        milestones.computeIfAbsent(
                plain, each -> new MilestoneDraft(plain, cut(place, "milestone", description, 20_000), target));
        return plain;
    }

    String cut(String place, String field, String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        find(place, field, "has " + text.length() + " characters: it is cut to " + most);
        return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
    }

    /** A colour in the form that columns and labels have. */
    Optional<String> hex(String place, String field, String text) {
        Matcher hex = HEX.matcher(text.strip());
        if (hex.matches()) {
            return Optional.of("#" + hex.group(1).toLowerCase(Locale.ROOT));
        }
        Matcher hsl = HSL.matcher(text.strip());
        if (hsl.matches()) {
            double hue = Double.parseDouble(hsl.group(1));
            double saturation = Double.parseDouble(hsl.group(2)) / 100;
            double lightness = Double.parseDouble(hsl.group(3)) / 100;
            if (hue <= 360 && saturation <= 1 && lightness <= 1) {
                return Optional.of(rgb(hue, saturation, lightness));
            }
        }
        find(place, field, "'" + text + "' is no colour: it is left out");
        return Optional.empty();
    }

    /** From hue, saturation and lightness, as CSS Color Module Level 4, section 7.1 has it (read 2026-11-29). */
    private static String rgb(double hue, double saturation, double lightness) {
        StringBuilder hex = new StringBuilder("#");
        double amount = saturation * Math.min(lightness, 1 - lightness);
        for (int offset : new int[] {0, 8, 4}) {
            double k = (offset + hue / 30) % 12;
            double part = lightness - amount * Math.max(-1, Math.min(Math.min(k - 3, 9 - k), 1));
            hex.append(String.format(Locale.ROOT, "%02x", Math.round(part * 255)));
        }
        return hex.toString();
    }

    /** Somebody whom the file names. */
    Optional<Actor> person(String place, String field, String name) {
        String plain = name.strip();
        if (plain.isEmpty()) {
            return Optional.empty();
        }
        if (plain.length() > MAX_ACTOR) {
            find(place, field, "is a name of " + plain.length() + " characters: it is left out");
            return Optional.empty();
        }
        return Optional.of(Actor.person(plain));
    }

    List<Actor> people(String place, List<Actor> found) {
        Set<Actor> once = new LinkedHashSet<>(found);
        if (once.size() > MOST_PEOPLE) {
            find(place, "assignees", "are " + once.size() + ": those after the first " + MOST_PEOPLE + " are left out");
        }
        return once.stream().limit(MOST_PEOPLE).toList();
    }

    /** A time as RFC 3339 writes it, or as SQLite does; empty for empty text. */
    static Optional<Instant> time(String place, String field, String text) {
        String plain = text.strip();
        if (plain.isEmpty()) {
            return Optional.empty();
        }
        Instant time;
        try {
            time = OffsetDateTime.parse(plain.replaceFirst("(?<=[0-9]) (?=[0-9])", "T"))
                    .toInstant();
        } catch (DateTimeException noOffset) {
            try {
                time = plain.matches("[0-9]{4}-[0-9]{2}-[0-9]{2} .*")
                        ? LocalDateTime.parse(plain.replace(' ', 'T')).toInstant(ZoneOffset.UTC)
                        : LocalDate.parse(plain).atStartOfDay(ZoneOffset.UTC).toInstant();
            } catch (DateTimeException wrong) {
                throw new ImportException(place, field, "'" + text + "'", "a time as 2026-11-29T08:00:00Z");
            }
        }
        if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
            throw new ImportException(place, field, "'" + text + "'", "a time from 1970 to 9999");
        }
        return Optional.of(time);
    }

    static Optional<LocalDate> day(String place, String field, String text) {
        return time(place, field, text).map(at -> LocalDate.ofInstant(at, ZoneOffset.UTC));
    }

    /** What an item does not hold, as one object; a part that is too long is left out. */
    Optional<String> data(String place, Map<String, Object> rest) {
        Map<String, Object> kept = new TreeMap<>(rest);
        String text = JsonText.write(kept);
        while (text.length() > Item.MAX_ORIGIN_DATA) {
            String longest = kept.entrySet().stream()
                    .max((one, other) -> Integer.compare(
                            JsonText.write(one.getValue()).length(),
                            JsonText.write(other.getValue()).length()))
                    .orElseThrow()
                    .getKey();
            find(place, longest, "is too long to be kept beside the item: it is left out");
            kept.remove(longest);
            text = JsonText.write(kept);
        }
        return kept.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    /** Makes something of which every mistake is one of the file. */
    static <T> T checked(String place, Supplier<T> made) {
        try {
            return made.get();
        } catch (ImportException named) {
            throw named;
        } catch (IllegalArgumentException wrong) {
            throw new ImportException(place, "", "refused (" + wrong.getMessage() + ")", "a value that can be kept");
        }
    }

    /** The title of an item; one that is too long goes on in the body. */
    ItemDraft titled(String place, ItemDraft draft, String title, String body) {
        String plain = title.strip();
        if (plain.isEmpty()) {
            throw new ImportException(
                    place, "title", "empty", "1 to " + ItemDraft.MAX_TITLE_CHARACTERS + " characters");
        }
        String text = body;
        if (plain.length() > ItemDraft.MAX_TITLE_CHARACTERS) {
            find(place, "title", "has " + plain.length() + " characters: the whole one begins the body");
            text = plain + (body.isEmpty() ? "" : "\n\n" + body);
            plain = plain.substring(0, ItemDraft.MAX_TITLE_CHARACTERS - 1) + "…";
        }
        if (text.length() > ItemDraft.MAX_BODY_CHARACTERS) {
            throw new ImportException(
                    place, "body", text.length() + " characters", "at most " + ItemDraft.MAX_BODY_CHARACTERS);
        }
        return draft.withTitle(plain).withBody(text);
    }

    void add(SourceItem item) {
        items.add(item);
    }

    void add(SourceLink link) {
        links.add(link);
    }

    SourceProject build() {
        return checked(
                "",
                () -> new SourceProject(
                        format,
                        held,
                        prefix,
                        new ProjectDraft(title, "", Optional.empty(), List.of(), colour, true, List.of()),
                        new SourceProject.Parts(
                                List.copyOf(columns.values()),
                                List.copyOf(labels.values()),
                                List.copyOf(milestones.values())),
                        items,
                        links,
                        List.copyOf(findings.values())));
    }
}
