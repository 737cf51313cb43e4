package dev.architect.router.verification;

import dev.architect.router.verification.ArithmeticText.Token;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;

/**
 * A fraction of whole numbers, which no operation rounds.
 *
 * @param numerator above the line
 * @param denominator below it, positive; zero stands for a division by zero
 * @param isQuotient whether a division led to it
 * @param decimals how many decimals it was written with; -1 for the result of an operation
 */
record ExactNumber(BigInteger numerator, BigInteger denominator, boolean isQuotient, int decimals) {

    /** Returns the value of an expression; empty when it is none. */
    static Optional<ExactNumber> evaluate(List<Token> tokens) {
        Evaluation evaluation = new Evaluation(tokens);
        try {
            ExactNumber value = evaluation.sum();
            return evaluation.isAtEnd() ? Optional.of(value) : Optional.empty();
        } catch (NotAnExpression wrong) {
            return Optional.empty();
        }
    }

    private static ExactNumber of(BigDecimal value) {
        BigDecimal scaled = value.scale() < 0 ? value.setScale(0) : value;
        return new ExactNumber(scaled.unscaledValue(), BigInteger.TEN.pow(scaled.scale()), false, scaled.scale());
    }

    /** Whether {@code claimed} is this number, or, for a quotient, this number rounded or cut to the decimals of the claim. */
    boolean isClaimedAs(ExactNumber claimed) {
        if (denominator.signum() == 0 || claimed.denominator.signum() == 0) {
            return false;
        }
        if (numerator.multiply(claimed.denominator).equals(claimed.numerator.multiply(denominator))) {
            return true;
        }
        if (!isQuotient || claimed.decimals <= 0) {
            return false;
        }
        BigDecimal written = new BigDecimal(claimed.numerator)
                .divide(new BigDecimal(claimed.denominator), claimed.decimals, RoundingMode.UNNECESSARY);
        return is(written, RoundingMode.HALF_UP)
                || is(written, RoundingMode.HALF_EVEN)
                || is(written, RoundingMode.DOWN);
    }

    private boolean is(BigDecimal written, RoundingMode rounding) {
        return new BigDecimal(numerator)
                        .divide(new BigDecimal(denominator), written.scale(), rounding)
                        .compareTo(written)
                == 0;
    }

    private ExactNumber plus(ExactNumber other) {
        return result(
                numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
                denominator.multiply(other.denominator),
                other,
                false);
    }

    private ExactNumber times(ExactNumber other) {
        return result(numerator.multiply(other.numerator), denominator.multiply(other.denominator), other, false);
    }

    private ExactNumber dividedBy(ExactNumber other) {
        BigInteger below = denominator.multiply(other.numerator);
        BigInteger above = numerator.multiply(other.denominator);
        return result(below.signum() < 0 ? above.negate() : above, below.abs(), other, true);
    }

    private ExactNumber negated() {
        return new ExactNumber(numerator.negate(), denominator, isQuotient, decimals);
    }

    private ExactNumber result(BigInteger above, BigInteger below, ExactNumber other, boolean isDivision) {
        BigInteger common = above.gcd(below);
        BigInteger divisor = common.signum() == 0 ? BigInteger.ONE : common;
        return new ExactNumber(
                above.divide(divisor),
                // Once zero, always zero.
                below.divide(divisor),
                isDivision || isQuotient || other.isQuotient,
                -1);
    }

    /** Sums of products of numbers and parentheses. */
    private static final class Evaluation {

        private static final int DEEPEST = 50;

        private final List<Token> tokens;
        private int at;
        private int depth;

        Evaluation(List<Token> tokens) {
            this.tokens = tokens;
        }

        boolean isAtEnd() {
            return at == tokens.size();
        }

        ExactNumber sum() {
            ExactNumber value = product();
            while (isNext('+') || isNext('-')) {
                boolean isMinus = tokens.get(at++).symbol() == '-';
                ExactNumber next = product();
                value = value.plus(isMinus ? next.negated() : next);
            }
            return value;
        }

        private ExactNumber product() {
            ExactNumber value = operand();
            while (isNext('*') || isNext('/')) {
                boolean isDivision = tokens.get(at++).symbol() == '/';
                ExactNumber next = operand();
                value = isDivision ? value.dividedBy(next) : value.times(next);
            }
            return value;
        }

        private ExactNumber operand() {
            if (isAtEnd() || ++depth > DEEPEST) {
                throw new NotAnExpression();
            }
            try {
                Token token = tokens.get(at++);
                if (token.isNumber()) {
                    return of(token.number());
                }
                if (token.symbol() == '-') {
                    return operand().negated();
                }
                if (token.symbol() == '(') {
                    ExactNumber value = sum();
                    if (!isNext(')')) {
                        throw new NotAnExpression();
                    }
                    at++;
                    return value;
                }
                throw new NotAnExpression();
            } finally {
                depth--;
            }
        }

        private boolean isNext(char symbol) {
            return at < tokens.size() && tokens.get(at).symbol() == symbol;
        }
    }

    private static final class NotAnExpression extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotAnExpression() {
            super("no expression", null, false, false);
        }
    }
}
