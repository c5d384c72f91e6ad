export { createApi, type Api, type ApiEffects, type Tokens } from './client';
export { ApiProblem, sentenceOf, type Advice, type ProblemKind } from './problem';
