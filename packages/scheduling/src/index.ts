/** @packageDocumentation What schedulers share: constraints, matching of offers, what fits. Pure. */
export { type ChosenPorts, choosePorts } from './choose-ports.ts';
export { type Constraint, formatConstraint, OPERATORS, type Operator, parseConstraint } from './constraint.ts';
export { type Demand, REASONS, type Reason } from './demand.ts';
export { type Allowance, type Fit, type FitRequest, fit, type QuotaReason, type Refusal } from './fit.ts';
export { type MatchOptions, type MatchResult, matchOffer } from './match-offer.ts';
export { compilePattern, type Pattern } from './pattern.ts';
export { attributeText, fieldOf, type Place, placeOf } from './place.ts';
export { selectVictims } from './select-victims.ts';
export { Spread } from './spread.ts';
export { takeScalar, usableResources } from './usable-resources.ts';
