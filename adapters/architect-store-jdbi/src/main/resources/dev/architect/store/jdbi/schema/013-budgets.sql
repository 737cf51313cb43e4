-- Budgets. Times are microseconds since 1970 by the store's clock, amounts are pico-dollars. Programs before this step know no budgets.
-- readable from: 12

-- spent and reserved are of the period that began at period_start; told is the part of the limit that people were told of, in percent.
CREATE TABLE budget (
    id ${key},
    name ${text} NOT NULL UNIQUE,
    scope ${text} NOT NULL,
    period ${text} NOT NULL,
    mode ${text} NOT NULL,
    money_limit ${long} NOT NULL,
    period_start ${long} NOT NULL,
    spent ${long} NOT NULL,
    reserved ${long} NOT NULL,
    told ${int} NOT NULL
);

-- What calls on their way may cost. When its lifetime is over, freed takes what was held, and the row waits for a call that ends late.
CREATE TABLE budget_reservation (
    reservation ${text} NOT NULL,
    budget ${long} NOT NULL,
    period_start ${long} NOT NULL,
    held ${long} NOT NULL,
    freed ${long} NOT NULL,
    expires_at ${long} NOT NULL,
    PRIMARY KEY (reservation, budget)
)${clustered};

CREATE INDEX budget_reservation_by_expiry ON budget_reservation (budget, expires_at);
