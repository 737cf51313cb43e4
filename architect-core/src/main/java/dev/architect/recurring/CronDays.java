package dev.architect.recurring;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * The days of an expression. As cron does: when both the day of the month and the day of the week are restricted, a day that either of them
 * names is one; a field that begins with {@code *} or {@code ?} restricts nothing by itself, and then both must hold.
 */
final class CronDays {

    private static final int DAYS_OF_WEEK = 7;

    private final long daysOfMonth;
    private final long daysOfWeek;
    private final List<Predicate<LocalDate>> specialDaysOfMonth = new ArrayList<>();
    private final List<Predicate<LocalDate>> specialDaysOfWeek = new ArrayList<>();
    private final boolean isEither;

    CronDays(CronText.Part dayOfMonth, CronText.Part dayOfWeek) {
        this.daysOfMonth = CronField.DAY_OF_MONTH.parse(
                dayOfMonth.text(), dayOfMonth.position(), (text, at) -> isSpecialDayOfMonth(text, at));
        this.daysOfWeek = CronField.DAY_OF_WEEK.parse(
                dayOfWeek.text(), dayOfWeek.position(), (text, at) -> isSpecialDayOfWeek(text, at));
        this.isEither = isRestricted(dayOfMonth) && isRestricted(dayOfWeek);
    }

    private static boolean isRestricted(CronText.Part part) {
        return !part.text().startsWith("*") && !part.text().startsWith("?");
    }

    /** {@code L}, {@code L-3}, {@code LW} and {@code 15W}. */
    private boolean isSpecialDayOfMonth(String element, int position) {
        String text = element.toUpperCase(Locale.ROOT);
        Predicate<LocalDate> day;
        if (text.equals("L")) {
            day = date -> date.getDayOfMonth() == date.lengthOfMonth();
        } else if (text.equals("LW")) {
            day = date -> date.equals(nearestWeekday(date.withDayOfMonth(date.lengthOfMonth())));
        } else if (text.startsWith("L-")) {
            int before = CronField.digits(text.substring(2));
            if (before < 1 || before > 30) {
                throw CronField.DAY_OF_MONTH.wrong(element, position, "L-1..L-30");
            }
            day = date -> date.getDayOfMonth() == date.lengthOfMonth() - before;
        } else if (text.endsWith("W")) {
            int target = CronField.digits(text.substring(0, text.length() - 1));
            if (target < 1 || target > 31) {
                throw CronField.DAY_OF_MONTH.wrong(element, position, "1W..31W or LW");
            }
            day = date -> target <= date.lengthOfMonth() && date.equals(nearestWeekday(date.withDayOfMonth(target)));
        } else {
            return false;
        }
        specialDaysOfMonth.add(day);
        return true;
    }

    /** The weekday next to a date, within its month. */
    private static LocalDate nearestWeekday(LocalDate date) {
        return switch (date.getDayOfWeek()) {
            case SATURDAY -> date.getDayOfMonth() == 1 ? date.plusDays(2) : date.minusDays(1);
            case SUNDAY -> date.getDayOfMonth() == date.lengthOfMonth() ? date.minusDays(2) : date.plusDays(1);
            case MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY -> date;
        };
    }

    /** {@code FRIL} and {@code 5L}, the last one of the month, and {@code FRI#2}, the second one. */
    private boolean isSpecialDayOfWeek(String element, int position) {
        int hash = element.indexOf('#');
        if (hash >= 0) {
            DayOfWeek day = dayOfWeek(element.substring(0, hash), position);
            int ordinal = CronField.digits(element.substring(hash + 1));
            if (ordinal < 1 || ordinal > 5) {
                throw CronField.DAY_OF_WEEK.wrong(element, position, "1..5 behind #");
            }
            specialDaysOfWeek.add(
                    date -> date.getDayOfWeek() == day && (date.getDayOfMonth() - 1) / DAYS_OF_WEEK + 1 == ordinal);
            return true;
        }
        if (element.length() > 1 && element.toUpperCase(Locale.ROOT).endsWith("L")) {
            DayOfWeek day = dayOfWeek(element.substring(0, element.length() - 1), position);
            specialDaysOfWeek.add(date -> date.equals(date.with(TemporalAdjusters.lastInMonth(day))));
            return true;
        }
        return false;
    }

    private static DayOfWeek dayOfWeek(String text, int position) {
        int number = CronField.DAY_OF_WEEK.number(text, position);
        return DayOfWeek.of(number == 0 ? DAYS_OF_WEEK : number);
    }

    boolean has(LocalDate date) {
        boolean isDayOfMonth = has(daysOfMonth, date.getDayOfMonth(), specialDaysOfMonth, date);
        if (isEither == isDayOfMonth) {
            // One that is enough, or one that is missing where both must hold.
            return isDayOfMonth;
        }
        return has(daysOfWeek, date.getDayOfWeek().getValue() % DAYS_OF_WEEK, specialDaysOfWeek, date);
    }

    private static boolean has(long set, int number, List<Predicate<LocalDate>> special, LocalDate date) {
        if ((set & 1L << number) != 0) {
            return true;
        }
        for (Predicate<LocalDate> each : special) {
            if (each.test(date)) {
                return true;
            }
        }
        return false;
    }
}
