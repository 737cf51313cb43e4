package dev.architect.router.verification;

import dev.architect.answer.AnswerChecker;
import dev.architect.chat.AnswerVerdict;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.Citation;
import dev.architect.chat.Message;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Checks that what an answer cites is there. Sources are the citations that the provider reports, and numbered ones of the request: lines that
 * begin with a mark such as {@code [3]}. It rejects
 *
 * <ul>
 *   <li>a mark in the text that no source has, for the reason {@code citation-unknown}; marks in code are none,
 *   <li>a reported quote from a source without an address that the request does not contain, for {@code quote-not-found}; blanks and
 *       capitals do not count,
 *   <li>with {@link #required()}, an answer that cites nothing, for {@code citation-missing}.
 * </ul>
 *
 * <p>Otherwise it is unsure of an answer that cites nothing. Addresses are not fetched, so whether a web page says what is quoted is not known.
 * Immutable.
 */
public final class CitationChecker implements AnswerChecker {

    private static final AnswerVerdict UNKNOWN = AnswerVerdict.rejected("citation-unknown");
    private static final AnswerVerdict NOT_FOUND = AnswerVerdict.rejected("quote-not-found");
    private static final AnswerVerdict MISSING = AnswerVerdict.rejected("citation-missing");

    private static final Pattern CODE = Pattern.compile("```[^`]*+(?:```|\\z)|`[^`\\n]*+`");
    private static final Pattern MARK =
            Pattern.compile("(?<![\\p{L}\\p{N}_\\])])\\[([0-9]{1,3}(?: ?, ?[0-9]{1,3})*+)](?!\\()");
    private static final Pattern SOURCE = Pattern.compile("(?m)^\\s{0,8}\\[([0-9]{1,3})]");
    private static final Pattern COMMA = Pattern.compile(" ?, ?");
    private static final Pattern BLANKS = Pattern.compile("\\s+");

    private final boolean isRequired;

    private CitationChecker(boolean isRequired) {
        this.isRequired = isRequired;
    }

    /** Returns a checker that is unsure of answers without citations. */
    public static CitationChecker optional() {
        return new CitationChecker(false);
    }

    /** Returns a checker that rejects answers without citations. */
    public static CitationChecker required() {
        return new CitationChecker(true);
    }

    @Override
    public AnswerVerdict check(ChatRequest request, ChatResponse answer) {
        Set<String> cited = marks(answer.text());
        if (cited.isEmpty() && answer.citations().isEmpty()) {
            return isRequired ? MISSING : AnswerVerdict.unsure();
        }
        String given = Stream.concat(
                        request.system().stream(), request.messages().stream().map(Message::text))
                .collect(Collectors.joining("\n"));
        Set<String> known = answer.citations().stream().map(Citation::mark).collect(Collectors.toSet());
        Matcher sources = SOURCE.matcher(given);
        while (sources.find()) {
            known.add(sources.group(1));
        }
        if (!known.containsAll(cited)) {
            return UNKNOWN;
        }
        String plain = plain(given);
        for (Citation citation : answer.citations()) {
            if (citation.url().isEmpty()
                    && citation.quote()
                            .filter(quote -> !plain.contains(plain(quote)))
                            .isPresent()) {
                return NOT_FOUND;
            }
        }
        return AnswerVerdict.accepted();
    }

    private static Set<String> marks(String text) {
        Set<String> marks = new HashSet<>();
        Matcher found = MARK.matcher(CODE.matcher(text).replaceAll(" "));
        while (found.find()) {
            marks.addAll(Set.copyOf(COMMA.splitAsStream(found.group(1)).toList()));
        }
        return marks;
    }

    private static String plain(String text) {
        return BLANKS.matcher(text).replaceAll(" ").strip().toLowerCase(Locale.ROOT);
    }
}
