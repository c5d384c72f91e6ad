export { ApiProblem, sentenceOf, type Advice, type ProblemKind } from './problem';
