package dev.architect.runtime;

import dev.architect.factory.FactoryOptions;
import dev.architect.router.yaml.YamlObject;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Lets an adapter check the options of a section, and makes a problem of the section's field of whatever it refuses. */
final class OptionCheck {

    private final YamlObject section;
    private final Consumer<FactoryOptions> check;
    private final String otherField;

    /**
     * @param check throws {@link IllegalArgumentException}, whose message begins with the name of the field that is wrong
     * @param otherField what a message is about that begins otherwise
     */
    OptionCheck(YamlObject section, Consumer<FactoryOptions> check, String otherField) {
        this.section = section;
        this.check = check;
        this.otherField = otherField;
    }

    /** Returns the options when the adapter takes all of them; else every one that it refuses is a problem. */
    Optional<FactoryOptions> accepted(Map<String, String> options) {
        Map<String, String> left = new TreeMap<>(options);
        while (true) {
            try {
                FactoryOptions all = new FactoryOptions(left);
                check.accept(all);
                return left.size() == options.size() ? Optional.of(all) : Optional.empty();
            } catch (IllegalArgumentException wrong) {
                String field = report(wrong);
                // Without it, the adapter goes on to what else is wrong.
                if (left.remove(field) == null) {
                    return Optional.empty();
                }
            }
        }
    }

    private String report(IllegalArgumentException wrong) {
        String message = String.valueOf(wrong.getMessage());
        int end = message.indexOf(' ');
        if (end > 0 && section.has(message.substring(0, end))) {
            section.problem(message.substring(0, end), message.substring(end + 1));
            return message.substring(0, end);
        }
        section.problem(otherField, "is refused: " + message);
        return otherField;
    }
}
