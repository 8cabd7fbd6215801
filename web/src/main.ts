import { mount } from 'svelte';
import { listenForActions } from './api/presence.js';
import App from './app/App.svelte';
import { router } from './app/router.svelte.js';
import { settings } from './app/settings.svelte.js';
import './styles/base.css';
import './styles/controls.css';
import './styles/print.css';

settings.applyTheme();
listenForActions();
router.start();
mount(App, { target: document.getElementById('app')! });
