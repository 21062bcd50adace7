import './clouds.ts';
