(()=>{var E=`<!-- @license lucide-static v1.62.0 - ISC -->
<svg
  class="lucide lucide-audio-lines"
  xmlns="http://www.w3.org/2000/svg"
  width="24"
  height="24"
  viewBox="0 0 24 24"
  fill="none"
  stroke="currentColor"
  stroke-width="2"
  stroke-linecap="round"
  stroke-linejoin="round"
>
  <path d="M2 10v3" />
  <path d="M6 6v11" />
  <path d="M10 3v18" />
  <path d="M14 8v7" />
  <path d="M18 5v13" />
  <path d="M22 10v3" />
</svg>
`;var q=`<!-- @license lucide-static v1.62.0 - ISC -->
<svg
  class="lucide lucide-braces"
  xmlns="http://www.w3.org/2000/svg"
  width="24"
  height="24"
  viewBox="0 0 24 24"
  fill="none"
  stroke="currentColor"
  stroke-width="2"
  stroke-linecap="round"
  stroke-linejoin="round"
>
  <path d="M8 3H7a2 2 0 0 0-2 2v5a2 2 0 0 1-2 2 2 2 0 0 1 2 2v5c0 1.1.9 2 2 2h1" />
  <path d="M16 21h1a2 2 0 0 0 2-2v-5c0-1.1.9-2 2-2a2 2 0 0 1-2-2V5a2 2 0 0 0-2-2h-1" />
</svg>
`;var I=`<!-- @license lucide-static v1.62.0 - ISC -->
<svg
  class="lucide lucide-check"
  xmlns="http://www.w3.org/2000/svg"
  width="24"
  height="24"
  viewBox="0 0 24 24"
  fill="none"
  stroke="currentColor"
  stroke-width="2"
  stroke-linecap="round"
  stroke-linejoin="round"
>
  <path d="M20 6 9 17l-5-5" />
</svg>
`;var L=`<!-- @license lucide-static v1.62.0 - ISC -->
<svg
  class="lucide lucide-circle-alert"
  xmlns="http://www.w3.org/2000/svg"
  width="24"
  height="24"
  viewBox="0 0 24 24"
  fill="none"
  stroke="currentColor"
  stroke-width="2"
  stroke-linecap="round"
  stroke-linejoin="round"
>
  <circle cx="12" cy="12" r="10" />
  <line x1="12" x2="12" y1="8" y2="12" />
  <line x1="12" x2="12.01" y1="16" y2="16" />
</svg>
`;var B=`<!-- @license lucide-static v1.62.0 - ISC -->
<svg
  class="lucide lucide-file-archive"
  xmlns="http://www.w3.org/2000/svg"
  width="24"
  height="24"
  viewBox="0 0 24 24"
  fill="none"
  stroke="currentColor"
  stroke-width="2"
  stroke-linecap="round"
  stroke-linejoin="round"
>
  <path d="M13.659 22H18a2 2 0 0 0 2-2V8a2.4 2.4 0 0 0-.706-1.706l-3.588-3.588A2.4 2.4 0 0 0 14 2H6a2 2 0 0 0-2 2v11.5" />
  <path d="M14 2v5a1 1 0 0 0 1 1h5" />
  <path d="M8 12v-1" />
  <path d="M8 18v-2" />
  <path d="M8 7V6" />
  <circle cx="8" cy="20" r="2" />
</svg>
`;var N=`<!-- @license lucide-static v1.62.0 - ISC -->
<svg
  class="lucide lucide-refresh-cw"
  xmlns="http://www.w3.org/2000/svg"
  width="24"
  height="24"
  viewBox="0 0 24 24"
  fill="none"
  stroke="currentColor"
  stroke-width="2"
  stroke-linecap="round"
  stroke-linejoin="round"
>
  <path d="M3 12a9 9 0 0 1 9-9 9.75 9.75 0 0 1 6.74 2.74L21 8" />
  <path d="M21 3v5h-5" />
  <path d="M21 12a9 9 0 0 1-9 9 9.75 9.75 0 0 1-6.74-2.74L3 16" />
  <path d="M8 16H3v5" />
</svg>
`;var T=`<!-- @license lucide-static v1.62.0 - ISC -->
<svg
  class="lucide lucide-file-code"
  xmlns="http://www.w3.org/2000/svg"
  width="24"
  height="24"
  viewBox="0 0 24 24"
  fill="none"
  stroke="currentColor"
  stroke-width="2"
  stroke-linecap="round"
  stroke-linejoin="round"
>
  <path d="M6 22a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2h8a2.4 2.4 0 0 1 1.704.706l3.588 3.588A2.4 2.4 0 0 1 20 8v12a2 2 0 0 1-2 2z" />
  <path d="M14 2v5a1 1 0 0 0 1 1h5" />
  <path d="M10 12.5 8 15l2 2.5" />
  <path d="m14 12.5 2 2.5-2 2.5" />
</svg>
`;var O=`<!-- @license lucide-static v1.62.0 - ISC -->
<svg
  class="lucide lucide-file-text"
  xmlns="http://www.w3.org/2000/svg"
  width="24"
  height="24"
  viewBox="0 0 24 24"
  fill="none"
  stroke="currentColor"
  stroke-width="2"
  stroke-linecap="round"
  stroke-linejoin="round"
>
  <path d="M6 22a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2h8a2.4 2.4 0 0 1 1.704.706l3.588 3.588A2.4 2.4 0 0 1 20 8v12a2 2 0 0 1-2 2z" />
  <path d="M14 2v5a1 1 0 0 0 1 1h5" />
  <path d="M10 9H8" />
  <path d="M16 13H8" />
  <path d="M16 17H8" />
</svg>
`;var j=`<!-- @license lucide-static v1.62.0 - ISC -->
<svg
  class="lucide lucide-file"
  xmlns="http://www.w3.org/2000/svg"
  width="24"
  height="24"
  viewBox="0 0 24 24"
  fill="none"
  stroke="currentColor"
  stroke-width="2"
  stroke-linecap="round"
  stroke-linejoin="round"
>
  <path d="M6 22a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2h8a2.4 2.4 0 0 1 1.704.706l3.588 3.588A2.4 2.4 0 0 1 20 8v12a2 2 0 0 1-2 2z" />
  <path d="M14 2v5a1 1 0 0 0 1 1h5" />
</svg>
`;var A=`<!-- @license lucide-static v1.62.0 - ISC -->
<svg
  class="lucide lucide-film"
  xmlns="http://www.w3.org/2000/svg"
  width="24"
  height="24"
  viewBox="0 0 24 24"
  fill="none"
  stroke="currentColor"
  stroke-width="2"
  stroke-linecap="round"
  stroke-linejoin="round"
>
  <rect width="18" height="18" x="3" y="3" rx="2" />
  <path d="M7 3v18" />
  <path d="M3 7.5h4" />
  <path d="M3 12h18" />
  <path d="M3 16.5h4" />
  <path d="M17 3v18" />
  <path d="M17 7.5h4" />
  <path d="M17 16.5h4" />
</svg>
`;var $=`<!-- @license lucide-static v1.62.0 - ISC -->
<svg
  class="lucide lucide-image"
  xmlns="http://www.w3.org/2000/svg"
  width="24"
  height="24"
  viewBox="0 0 24 24"
  fill="none"
  stroke="currentColor"
  stroke-width="2"
  stroke-linecap="round"
  stroke-linejoin="round"
>
  <rect width="18" height="18" x="3" y="3" rx="2" ry="2" />
  <circle cx="9" cy="9" r="2" />
  <path d="m21 15-3.086-3.086a2 2 0 0 0-2.828 0L6 21" />
</svg>
`;var D=`<!-- @license lucide-static v1.62.0 - ISC -->
<svg
  class="lucide lucide-search"
  xmlns="http://www.w3.org/2000/svg"
  width="24"
  height="24"
  viewBox="0 0 24 24"
  fill="none"
  stroke="currentColor"
  stroke-width="2"
  stroke-linecap="round"
  stroke-linejoin="round"
>
  <path d="m21 21-4.34-4.34" />
  <circle cx="11" cy="11" r="8" />
</svg>
`;var P=`<!-- @license lucide-static v1.62.0 - ISC -->
<svg
  class="lucide lucide-table-2"
  xmlns="http://www.w3.org/2000/svg"
  width="24"
  height="24"
  viewBox="0 0 24 24"
  fill="none"
  stroke="currentColor"
  stroke-width="2"
  stroke-linecap="round"
  stroke-linejoin="round"
>
  <path d="M3 9h18" />
  <path d="M9 3v18" />
  <rect x="3" y="3" width="18" height="18" rx="2" />
</svg>
`;var K=`<!-- @license lucide-static v1.62.0 - ISC -->
<svg
  class="lucide lucide-x"
  xmlns="http://www.w3.org/2000/svg"
  width="24"
  height="24"
  viewBox="0 0 24 24"
  fill="none"
  stroke="currentColor"
  stroke-width="2"
  stroke-linecap="round"
  stroke-linejoin="round"
>
  <path d="M18 6 6 18" />
  <path d="m6 6 12 12" />
</svg>
`;var dt={audio:E,braces:q,alert:L,archive:B,check:I,turning:N,code:T,text:O,file:j,film:A,picture:$,search:D,table:P,close:K};function u(r){let t=new DOMParser().parseFromString(dt[r],"image/svg+xml").documentElement;for(let[e,s]of Object.entries({class:"icon",width:16,height:16,"stroke-width":1.75,"aria-hidden":!0}))t.setAttribute(e,s);return document.importNode(t,!0)}function h(r){let t=document.getElementById("announcer");t&&(t.textContent=r)}function V(r,t){let e=document.getElementById("toasts");if(!e)return null;for(let o of e.querySelectorAll(".toast-text"))if(o.textContent.trim()===r)return o.closest("toast-note");let s=document.createElement("toast-note");s.className="toast",s.dataset.stay="";let i=document.createElement("p");i.className="toast-text",i.textContent=r;let n=document.createElement("button");return n.type="button",n.className="toast-close",n.dataset.close="",n.setAttribute("aria-label","Close this message"),n.append(u("close")),s.append(u("alert"),i,...t?[ut(t)]:[],n),e.append(s),s}function ut({words:r,act:t}){let e=document.createElement("button");return e.type="button",e.className="toast-action",e.textContent=r,e.addEventListener("click",t),e}var p=class{constructor(t){this.page=t,t.list.addEventListener("pointerdown",e=>this.press(e))}press(t){let e=t.target.closest("[data-handle]");if(!e||t.button!==0)return;t.preventDefault(),this.cell=e.closest(".cell"),this.from=t.clientY,this.stop=new AbortController;let s=(i,n)=>e.addEventListener(i,n,{signal:this.stop.signal});e.setPointerCapture(t.pointerId),s("pointermove",i=>this.move(i.clientY)),s("pointerup",()=>this.drop()),s("pointercancel",()=>this.end()),addEventListener("keydown",i=>i.key==="Escape"&&this.end(),{signal:this.stop.signal,capture:!0})}move(t){!this.line&&Math.abs(t-this.from)<4||(this.line||this.lift(),this.at=t,this.place())}lift(){this.line=document.createElement("div"),this.line.className="drop-line",this.page.list.append(this.line),this.cell.dataset.dragged="";let t=()=>{if(!this.line)return;let e=this.at<72?this.at-72:Math.max(0,this.at-innerHeight+72);e&&(scrollBy(0,Math.max(-18,Math.min(18,e/4))),this.place()),requestAnimationFrame(t)};requestAnimationFrame(t)}place(){let t=this.page.cells(),e=t.indexOf(this.cell),s=t.findIndex(a=>{let l=a.getBoundingClientRect();return this.at<l.top+l.height/2});s<0&&(s=t.length),this.to=s>e?s-1:s;let i=t[s]?.getBoundingClientRect().top,n=t[s-1]?.getBoundingClientRect().bottom,o=i===void 0?n+12:n===void 0?i-12:(i+n)/2;this.line.hidden=this.to===e,this.line.style.top=`${o-this.page.list.getBoundingClientRect().top}px`}drop(){let{cell:t,to:e}=this,s=this.page.cells().indexOf(t),i=this.line&&e!==void 0&&e!==s;this.end(),i&&this.page.moveTo(t,e+1)}end(){this.stop.abort(),this.line?.remove(),delete this.cell.dataset.dragged,this.line=this.to=void 0}};var m=class{constructor(t){this.page=t,document.addEventListener("keydown",s=>this.early(s),!0),document.addEventListener("keydown",s=>this.late(s));let e=t.querySelector("[data-keys]");e?.addEventListener("click",({target:s})=>(s===e||s.closest("[data-close]"))&&e.close())}early(t){if(t.isComposing||document.querySelector("dialog[open]"))return;let e=this.shared(t);e&&(t.preventDefault(),t.stopPropagation(),(!t.repeat||e===this.up||e===this.down)&&e())}shared(t){let{key:e,shiftKey:s,altKey:i}=t,n=t.ctrlKey||t.metaKey;if(!this.within(t))return null;if(e==="Enter"){if(s&&!n&&!i)return()=>this.page.runOn();if(n&&!s&&!i)return()=>this.run();if(i&&!s&&!n)return()=>this.page.runInsert()}return t.ctrlKey&&s&&e==="ArrowUp"?this.up:t.ctrlKey&&s&&e==="ArrowDown"?this.down:n&&!s&&!i&&e.toLowerCase()==="s"?()=>this.page.saving.flush():null}up=()=>this.page.moveBy(-1);down=()=>this.page.moveBy(1);run(){this.page.run(),this.page.select(this.page.selected)}within(t){let e=t.composedPath()[0];return e.closest?.(".cm-panel")?!1:t.target.closest?.("code-editor")?this.page.contains(t.target):!pt(e)&&(t.target===document.body||this.page.contains(t.target))}late(t){if(t.defaultPrevented||t.isComposing||t.ctrlKey||t.metaKey||t.altKey||document.querySelector("dialog[open]")||!this.page.selected)return;if(t.target.closest?.("code-editor")){t.key==="Escape"&&this.leave(t);return}if(!this.within(t))return;let e=this.command(t);e&&(t.preventDefault(),e())}leave(t){t.target.closest(".cell-conflict")||(t.preventDefault(),this.page.select(this.page.selected))}command(t){let{page:e}=this,i=(t.target===document.body||t.target.matches(".cell"))&&{Enter:()=>e.edit(e.selected),ArrowUp:()=>e.step(-1),ArrowDown:()=>e.step(1)}[t.key];return i?t.shiftKey?null:i:e.dataset.shortcuts==="off"||t.key.length!==1?null:t.key==="?"?()=>e.querySelector("[data-keys]")?.showModal():t.shiftKey?null:this.letter(t)}letter(t){let{page:e}=this,s=o=>()=>e.turns.press(o,()=>e.selected),i={a:s("insert-above"),b:s("insert-below"),d:()=>this.twice(s("delete")),j:()=>e.step(1),k:()=>e.step(-1),m:s("to-markdown"),y:s("to-code"),z:()=>e.undo()};return t.repeat&&!"jk".includes(t.key)?null:i[t.key]}twice(t){let e=performance.now(),s=e-this.first<800;this.first=s?void 0:e,s&&t()}},ft="input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]:not([contenteditable=false])",pt=r=>r instanceof Element&&r.closest(ft)!==null;var mt=/[\p{L}_][\p{L}\p{N}_]{2,}/gu;var g=class{constructor(t,e){this.path=t,this.texts=e}names(t,e){let s=new Set,i=2e5;for(let n of[t,...this.texts()]){for(let[o]of n.slice(0,i).matchAll(mt))if(s.add(o),s.size>500)break;if(i-=n.length,i<=0||s.size>500)break}return s.delete(e),[...s]}async ask(t,e,s){let i=await fetch(`${this.path}/complete`,{method:"POST",body:new URLSearchParams({code:t,at:e}),headers:{Accept:"application/json"},signal:s});return i.ok&&i.status!==204?i.json():null}};function R(r,t){let e=r.split(`
`),s=t.split(`
`),i=0;for(;i<e.length&&i<s.length&&e[i]===s[i];)i++;let n=0;for(;n<e.length-i&&n<s.length-i&&e[e.length-1-n]===s[s.length-1-n];)n++;let[o,a]=gt(e.slice(i,e.length-n),s.slice(i,s.length-n)),l=(d,J)=>d.map((W,G)=>({text:W,own:J.has(G-i)}));return[l(e,o),l(s,a)]}function gt(r,t){let e=new Set(r.keys()),s=new Set(t.keys());if(r.length>1500||t.length>1500)return[e,s];let i=t.length+1,n=new Uint16Array((r.length+1)*i);for(let o=r.length-1;o>=0;o--)for(let a=t.length-1;a>=0;a--)n[o*i+a]=r[o]===t[a]?n[(o+1)*i+a+1]+1:Math.max(n[(o+1)*i+a],n[o*i+a+1]);for(let o=0,a=0;o<r.length&&a<t.length;)r[o]===t[a]?(e.delete(o++),s.delete(a++)):n[(o+1)*i+a]>=n[o*i+a+1]?o++:a++;return[e,s]}var w=class{constructor(t,e){this.editor=t,this.box=c("section",{className:"cell-conflict",slot:"below",role:"group",ariaLabel:"Changed in another tab",tabIndex:-1});let s=c("p",{className:"cell-conflict-head"});s.append(u("alert"),c("b",{textContent:"Changed in another tab"}),c("span",{textContent:"Both texts are kept until you choose."})),this.mine=z("Yours, here"),this.theirs=z("The other one");let i=c("div",{className:"cell-conflict-panes"});i.append(this.mine.node,this.theirs.node);let n=c("div",{className:"cell-conflict-acts"});n.append(C("Keep mine","mine",!0),C("Take theirs","theirs"),C("Keep both","both")),this.box.append(s,i,n),this.box.addEventListener("click",o=>{let a=o.target.closest("[data-choice]")?.dataset.choice;a&&e(a)}),t.append(this.box)}show(t,e){let[s,i]=R(t,e);H(this.mine.text,s),H(this.theirs.text,i)}focus(){this.box.focus(),this.box.scrollIntoView({block:"nearest"})}remove(){this.box.remove()}},c=(r,t)=>Object.assign(document.createElement(r),t);function C(r,t,e=!1){let s=c("button",{type:"button",className:e?"button button-small button-primary":"button button-small",textContent:r});return s.dataset.choice=t,s}function z(r){let t=c("figure",{className:"cell-conflict-pane"}),e=c("pre",{tabIndex:0,ariaLabel:r});return t.append(c("figcaption",{textContent:r}),e),{node:t,text:e}}function H(r,t){r.replaceChildren(...t.map(({text:e,own:s})=>{let i=c("span",{className:"cell-conflict-line",textContent:`${e}
`});return s&&(i.dataset.own=""),i}))}var F="mayfly:cell:";var v=class{constructor(t){this.mine=F+t+":",this.tab=vt()}key(t){return`${this.mine}${t}:${this.tab}`}keep(t,e,s){let i={version:e,text:s,at:Date.now()};try{return localStorage.setItem(this.key(t),JSON.stringify(i)),!0}catch{try{localStorage.removeItem(this.key(t))}catch{}return x("readwrite",n=>n.put(i,this.key(t))).then(()=>!0,()=>!1)}}drop(t,e=this.key(t)){try{localStorage.removeItem(e)}catch{}this.some&&x("readwrite",s=>s.delete(e)).catch(()=>{})}async all(){let t=new Map,e=(s,i)=>{if(!s.startsWith(this.mine)||!i||typeof i.text!="string")return;let[n,o]=s.slice(this.mine.length).split(":");o!==this.tab&&Date.now()-i.at<1e4||t.get(n)?.at>=i.at||t.set(n,{...i,key:s})};wt(e);for(let[s,i]of await xt())this.some=!0,e(s,i);return t}};function wt(r){try{for(let t of Object.keys(localStorage)){if(!t.startsWith(F))continue;let e=JSON.parse(localStorage.getItem(t));Date.now()-e?.at<2592e6?r(t,e):localStorage.removeItem(t)}}catch{}}function vt(){let r="mayfly:tab",t=Math.random().toString(36).slice(2,10);try{let e=sessionStorage.getItem(r)??t;return sessionStorage.setItem(r,e),e}catch{return t}}function x(r,t){return new Promise((e,s)=>{let i=indexedDB.open("mayfly",1);i.onupgradeneeded=()=>i.result.createObjectStore("drafts"),i.onerror=()=>s(i.error),i.onsuccess=()=>{let n=i.result,o=n.transaction("drafts",r),a=t(o.objectStore("drafts"));o.oncomplete=()=>e(a.result),o.onerror=o.onabort=()=>s(o.error),o.addEventListener("complete",()=>n.close())}})}async function xt(){try{if((await indexedDB.databases?.())?.every(({name:e})=>e!=="mayfly"))return[];let r=await x("readonly",e=>e.getAllKeys()),t=await x("readonly",e=>e.getAll());return r.map((e,s)=>[e,t[s]])}catch{return[]}}var f=r=>r.replace(/\r\n?/g,`
`);var y=class{constructor(t,e,s){this.id=t,this.version=e,this.base=s,this.sent=[],this.conflict=null}meet(t,e,s){if(t<this.version)return"old";let i=s===this.base;return e===s||e===this.base||this.sent.includes(e)?(this.settle(t,e),"same"):i&&!this.conflict?(this.settle(t,e),"theirs"):(this.conflict={version:t,text:e},"conflict")}settle(t,e){this.version=Math.max(t,this.version),this.base=e,this.sent=this.sent.slice(this.sent.indexOf(e)+1),this.conflict=null}};var Y=800,yt=5e3,bt=250,b=class{constructor(t,e,s){this.page=t,this.cell=e,this.editor=s;let i=s.querySelector("textarea");this.text=new y(e.dataset.cell,Number(e.dataset.version),f(i.defaultValue))}get mine(){return this.editor.value??this.editor.querySelector("textarea").value}get dirty(){return this.mine!==this.text.base}note(){clearTimeout(this.drafting),this.drafting=setTimeout(()=>this.draft(),bt),this.begun??=performance.now(),this.soon(Math.min(Y,Math.max(0,this.begun+yt-performance.now()))),this.page.changed()}soon(t){clearTimeout(this.timer),this.timer=setTimeout(()=>this.save(),t)}draft(){if(clearTimeout(this.drafting),!this.dirty){this.kept=!0,this.page.drafts.drop(this.text.id);return}let t=this.page.drafts.keep(this.text.id,this.text.version,this.mine);this.kept=t===!0,t!==!0&&t.then(e=>this.kept=e)}async save(){for(clearTimeout(this.timer);this.going;)await this.going;if(this.text.conflict||!this.dirty||!this.cell.isConnected)return this.saved();this.begun=void 0,this.going=this.send(this.mine),this.page.changed();try{await this.going}finally{this.going=null,this.page.changed()}}async send(t){let{id:e,version:s}=this.text;this.text.sent=[...this.text.sent,t].slice(-20);let i;try{i=await U(e,s,t)}catch{return this.draft(),this.page.fault(this,{kind:"lost"})}i.ok?(this.text.settle(Number(i.headers.get("Mayfly-Version"))||s,t),this.cell.dispatchEvent(new CustomEvent("cell:saved",{bubbles:!0})),this.settled()):(this.draft(),await this.refused(i))}along(t){clearTimeout(this.timer),this.draft(),this.text.sent=[...this.text.sent,t].slice(-20),this.carried=t}arrived(t,e){let s=[e?.headers.get("Mayfly-Version"),this.shown?.value,this.cell.dataset.version].map(Number),i=Math.max(...s.filter(Number.isFinite));e?.status<400&&i>=this.text.version?this.text.settle(i,t):e?.status<400||this.soon(0),this.carried=void 0,this.settled()}get shown(){return this.editor.querySelector("[name=version]")}settled(){this.shown&&(this.shown.value=this.text.version),this.saved(),this.dirty&&!this.text.conflict&&this.soon(Y)}told(t){let e=this.carried;if(this.carried=void 0,!(t<=this.text.version)){if(e===void 0)return this.send(this.mine);this.text.settle(t,e),this.settled()}}async refused(t){let e=await t.json().catch(()=>({}));if(t.status===409&&typeof e.text=="string"){this.meet(e.version,f(e.text));return}let s=Number(t.headers.get("Retry-After"))*1e3,i={401:"signed-out",403:"signed-out",404:"gone",413:"refused",422:"refused",400:"refused"}[t.status]??"lost";this.page.fault(this,{kind:i,words:e.detail??e.message,wait:s})}bringBack({version:t,text:e}){if(t===this.text.version){this.editor.value=e;return}let s={version:this.text.version,text:this.text.base};this.editor.take(e),this.text.conflict=s,this.draft(),this.page.conflict(this),this.page.changed()}saved(){this.dirty||(this.draft(),this.page.fine(this)),this.page.changed()}meet(t,e){let s=this.text.conflict,i=this.text.meet(t,e,this.mine);i==="theirs"&&this.editor.take(e),i==="conflict"?(this.draft(),this.cell.dispatchEvent(new CustomEvent("cell:conflict",{bubbles:!0})),this.page.conflict(this)):s&&!this.text.conflict&&this.page.agreed(this),i!=="old"&&this.settled()}decide(t){let{version:e,text:s}=this.text.conflict;return this.text.settle(e,s),t!==this.mine&&this.editor.take(t),this.page.agreed(this),this.save()}leave(t){if(!this.dirty||(this.draft(),this.text.conflict)||this.mine.length>t)return t;let e=new URLSearchParams({text:this.mine}).toString().length+200;return e>t?t:(this.text.sent=[...this.text.sent,this.mine],U(this.text.id,this.text.version,this.mine,!0).catch(()=>{}),t-e)}};function U(r,t,e,s=!1){return fetch(`/cells/${r}/text`,{method:"POST",body:new URLSearchParams({version:t,text:e}),headers:{Accept:"application/json"},redirect:"error",keepalive:s})}var kt="Not saved: Mayfly cannot be reached. Your draft is safe in this browser.",St="Not saved: you are signed out. Your draft is safe in this browser.",Ct="Not saved, and this browser has no room for a draft. Keep this tab open until it says Saved.",Mt={saved:{sign:"check",words:"Saved"},saving:{sign:"turning",words:"Saving\u2026"},failed:{sign:"alert",words:"Not saved"}},_=1e3,Et=3e4,qt=6e4,k=class{savers=new Map;bars=new Map;troubled=new Set;constructor(t){this.page=t;let e=document.querySelector(".menu-note .mono")?.textContent.trim()??"";this.drafts=new v(e)}of(t){let e=t.dataset.cell,s=this.savers.get(e);if(s?.cell===t)return s;let i=t.querySelector("code-editor");if(!i)return null;let n=new b(this,t,i);return this.savers.set(e,n),n}knows(t){return this.savers.get(t.dataset.cell)?.cell===t}get calm(){return this.all().every(t=>t.text.conflict||!t.dirty&&!t.going)}get torn(){return this.all().filter(t=>t.text.conflict)}all(){return[...this.savers.values()].filter(t=>t.cell.isConnected)}async restore(){let t=await this.drafts.all(),e=0;for(let[s,i]of t){let n=this.savers.get(s);if(n){if(i.key!==this.drafts.key(s)&&this.drafts.drop(s,i.key),i.text===n.text.base){this.drafts.drop(s);continue}n.dirty||(e++,n.bringBack(i))}}e>0&&h(e===1?"A text that was not saved is back.":`${e} texts that were not saved are back.`)}theirs(t){let e=this.of(t),s=t.querySelector("template.cell-theirs[data-version]")??t.querySelector("template.cell-theirs"),i=Number(s?.dataset.version??t.dataset.version);!e||i<=e.text.version||(s?e.meet(i,f(s.content.textContent).replace(/^\n/,"")):e.told(i),s?.dataset.version&&s.remove())}conflict(t){let{id:e,conflict:s}=t.text,i=this.bars.get(e);i||(i=new w(t.editor,n=>this.choose(t,n)),this.bars.set(e,i),h("This cell was changed in another tab. Both texts are kept: choose one.")),i.show(t.mine,s.text)}async choose(t,e){let{mine:s}=t,i=t.text.conflict.text;e==="both"&&!await this.page.insertBelow(t.cell,s)||(await t.decide(e==="mine"?s:i),h({mine:"Your text is kept.",theirs:"The other text is taken.",both:"Your text is in a new cell below."}[e]),this.page.select(t.cell))}agreed(t){this.bars.get(t.text.id)?.remove(),this.bars.delete(t.text.id)}async flush(){return await Promise.all(this.all().map(t=>t.save())),this.all().every(t=>t.text.conflict||!t.dirty)}changed(){let t=this.all(),e=t.some(i=>i.dirty||i.going),s=this.troubled.size>0||t.some(i=>i.text.conflict);this.tell(e?s?"failed":"saving":"saved")}tell(t){let e=document.getElementById("save-state");if(!e||e.dataset.state===t)return;e.dataset.state=t,e.ariaLive="off";let{sign:s,words:i}=Mt[t];e.replaceChildren(u(s),i)}fine(t){this.troubled.delete(t),!(this.troubled.size>0)&&(this.pace=_,this.notice?.remove(),this.notice=null)}fault(t,{kind:e,words:s,wait:i}){if(this.troubled.add(t),e==="refused"){this.say(s?`Not saved: ${s}`:"Not saved: the server does not take this text. A cell holds 1 MB at most.");return}if(e==="gone"){this.say("Not saved: this cell or its notebook was deleted. Your draft is safe in this browser.");return}let n=e==="signed-out"?{words:"Sign in",act:()=>this.signIn()}:{words:"Try again",act:()=>this.again()};this.say(t.kept===!1?Ct:e==="signed-out"?St:kt,n),this.pace=Math.min(Et,(this.pace??_)*2),clearTimeout(this.retry),this.retry=setTimeout(()=>this.again(),i||this.pace)}say(t,e){this.notice?.isConnected&&this.notice.textContent.includes(t)||(this.notice?.remove(),this.notice=V(t,e))}again(){clearTimeout(this.retry);for(let t of this.all())t.dirty&&t.save()}signIn(){let t=location.pathname+(this.page.selected?`#${this.page.selected.id}`:"");location.assign(`/?return=${encodeURIComponent(t)}`)}leave(){let t=qt;for(let e of this.all())t=e.leave(t)}get unsafe(){return this.all().some(t=>t.dirty&&t.kept===!1)}};var It=1e4,S=class{constructor(t){this.page=t,this.last=Promise.resolve(!0),this.values=null,this.then=null,t.addEventListener("htmx:config:request",e=>this.config(e))}press(t,e,s={}){return this.last=this.last.then(()=>this.now(t,e,s)).catch(()=>!1),this.last}async now(t,e,{values:s=null,then:i}){let n=typeof e=="function"?e():e,o=this.button(t,n);if(!o)return!1;if(!o.form)return o.click(),!0;let a=this.answered(o);this.values=s,o.click(),i&&(this.then=i),this.values=null;let l=await a;return await new Promise(d=>setTimeout(d)),l}button(t,e){let s=e===void 0?this.page:e;return s?.isConnected?s.querySelector(`[data-do="${t}"]:not(:disabled)`):null}answered(t){return new Promise(e=>{let s=new AbortController,i=o=>{clearTimeout(n),s.abort(),e(o)},n=setTimeout(()=>i(!1),It);document.addEventListener("htmx:finally:request",({detail:{ctx:o}})=>{(o.sourceElement===t||o.request.submitter===t||o.sourceElement===t.form)&&i(o.response?.status<400)},{signal:s.signal})})}expect(t,e){let s={"insert-above":"select","insert-below":"select","add-code":"edit","add-markdown":"edit",duplicate:"select"}[t];s&&(this.then=s),t==="delete"&&e&&this.page.binned.push(e.dataset.cell)}born(t){let e=this.then;this.then=null,e==="edit"&&this.page.edit(t),e==="select"&&this.page.select(t)}config(t){let{ctx:e}=t.detail;if(e.request.method!=="POST")return;for(let[a,l]of Object.entries(this.values??{}))e.request.body.set(a,l);let s=e.request.submitter??e.sourceElement,i=s.form??e.sourceElement.closest("form"),n=i?.closest(".cell"),o=n&&this.page.saving.of(n);if(!(s.dataset.do==="stop"||s.dataset.do==="interrupt"||!i?.closest("notebook-page"))){if(this.torn(s.dataset.do,o))return t.preventDefault(),this.lost(s);if(e.request.body.has("text")&&e.request.body.has("version")&&!o?.going)return this.along(e,o);this.passes===s||this.page.saving.calm||(t.preventDefault(),this.again(s,this.values,()=>s.click()))}}along(t,e){let s=e.mine;t.request.body.set("version",e.text.version),t.request.body.set("text",s),e.along(s);let i=({detail:n})=>{n.ctx===t&&(document.removeEventListener("htmx:finally:request",i),e.arrived(s,t.response))};document.addEventListener("htmx:finally:request",i)}torn(t,e){let i=["run-all","restart-run-all","run-above","run-below"].includes(t)?this.page.saving.torn[0]:e?.text.conflict&&["run","duplicate"].includes(t)?e:null;return i?(this.page.saving.bars.get(i.text.id)?.focus(),h("Choose one of the two texts first."),!0):!1}lost(t){document.dispatchEvent(new CustomEvent("htmx:finally:request",{detail:{ctx:{sourceElement:t,request:{submitter:t}}}}))}async again(t,e,s){if(!await this.page.saving.flush())return h("Not done: some text is not saved."),this.lost(t);this.passes=t,this.values=e,s(),this.values=this.passes=null}hold(t){let e=t.target;if(e.method!=="post"||this.passes===e||this.page.saving.calm)return;let s=t.submitter;e.hasAttribute("hx-post")||s?.hasAttribute("hx-post")||(t.preventDefault(),t.stopImmediatePropagation(),this.again(e,null,()=>e.requestSubmit(s)))}follow(t,e){this.passes===e||this.page.saving.calm||(t.preventDefault(),this.again(e,null,()=>e.click()))}};var M=class extends HTMLElement{connectedCallback(){this.saving||(this.list=this.querySelector("#cells"),this.saving=new k(this),this.turns=new S(this),this.names=new g(`/notebooks/${this.dataset.notebook}`,()=>this.texts()),this.binned=[],new m(this),new p(this),this.listen(),this.cells().forEach((t,e)=>this.meet(t,e)),this.watch=new MutationObserver(t=>this.see(t)),this.watch.observe(this.list,{childList:!0,subtree:!0,attributeFilter:["data-version","data-kind","data-error-line","aria-label","hidden"]}),this.mark(this.remembered()),location.hash&&this.selected?.id===location.hash.slice(1)&&this.select(this.selected),this.saving.restore(),this.saving.changed(),customElements.whenDefined("code-editor").then(()=>this.greet()))}greet(){let[t,...e]=this.cells();e.length>0||document.activeElement!==document.body||t?.querySelector("textarea").value===""&&this.edit(t)}listen(){this.addEventListener("input",t=>this.typed(t.target.closest("code-editor"))),this.addEventListener("focusin",t=>this.mark(t.target.closest(".cell"))),this.addEventListener("editor:leave",t=>this.pass(t)),this.addEventListener("submit",t=>this.turns.hold(t),!0),this.addEventListener("click",t=>this.pressed(t),!0),this.addEventListener("dblclick",t=>t.target.closest(".cell-prose")&&this.edit(t.target.closest(".cell"))),addEventListener("pagehide",()=>this.saving.leave()),addEventListener("online",()=>this.saving.again()),addEventListener("beforeunload",t=>this.saving.unsafe&&t.preventDefault()),document.addEventListener("visibilitychange",()=>document.hidden?this.saving.leave():this.saving.again())}cells(){return[...this.list.children].filter(t=>t.matches(".cell:not([hidden])"))}texts(){return this.cells().filter(t=>t.dataset.kind==="code").map(t=>t.querySelector("textarea")?.value??"")}meet(t,e=this.cells().indexOf(t)){let s=this.saving.of(t);s&&(s.editor.helper=this.names,this.dress(t,e))}dress(t,e){let s=t.querySelector("code-editor"),i=t.dataset.kind==="code",n=s.querySelector("textarea");n.placeholder=i?"Python":"Markdown",s.become?.(i?"python":"markdown",`${i?"Code":"Text"} of cell ${e+1}`),s.wrong=Number(t.dataset.errorLine??0)}see(t){let e=new Set,s=[];for(let{target:n,type:o,addedNodes:a}of t){for(let d of a)n===this.list&&d.matches?.(".cell")&&s.push(d);let l=n.closest?.(".cell");l&&(o==="attributes"?n===l:[...a].some(d=>d.matches?.("template")))&&e.add(l)}let i=s.filter(n=>n.isConnected&&!this.saving.knows(n));for(let n of new Set([...s,...e]))n.isConnected&&this.meet(n);for(let n of e)n.isConnected&&this.saving.theirs(n);this.keep(),i.length>0&&setTimeout(()=>this.turns.born(i.at(-1)))}keep(){let{selected:t}=this;if(t){if(!t.isConnected||t.hidden){let e=document.activeElement===document.body||t.contains(document.activeElement),s=this.cells(),i=document.getElementById(t.id);this.mark(i??s[Math.max(0,Math.min(this.at,s.length-1))]),e&&this.selected!==t&&this.selected.focus({preventScroll:!0})}this.at=this.cells().indexOf(this.selected)}}typed(t){let e=t?.closest(".cell");if(!e)return;let s=this.saving.of(e);s.note(),s.text.conflict&&this.saving.conflict(s),e.dispatchEvent(new CustomEvent("cell:dirty",{bubbles:!0}))}mark(t){if(!(!t||t===this.selected)){this.selected&&delete this.selected.dataset.selected,this.selected=t,this.at=this.cells().indexOf(t),t.dataset.selected="";try{sessionStorage.setItem(this.memory,t.id)}catch{}}}get memory(){return`mayfly:selected:${this.dataset.notebook}`}remembered(){let t=s=>this.cells().find(i=>s&&i.id===s),e;try{e=sessionStorage.getItem(this.memory)}catch{}return t(location.hash.slice(1))??t(e)??this.cells()[0]}select(t){t&&(this.mark(t),this.fold(t),t.focus({preventScroll:!0}),t.scrollIntoView({block:"nearest"}))}step(t){this.select(this.cells()[this.cells().indexOf(this.selected)+t]??this.selected)}edit(t,e){if(!t)return;this.mark(t);let s=t.querySelector("details.cell-source");s&&(s.open=!0);let i=t.querySelector("code-editor");e&&i.enter?i.enter(e):i.focus(),t.querySelector(".cell-box")?.scrollIntoView({block:"nearest"})}fold(t){let e=t.querySelector("details.cell-source[open]");e&&t.querySelector("textarea").value.trim()!==""&&!this.saving.of(t).text.conflict&&(e.open=!1)}pass(t){let e=this.cells(),s=e[e.indexOf(t.target.closest(".cell"))+t.detail];s&&(t.preventDefault(),s.dataset.kind==="code"?this.edit(s,t.detail):this.select(s))}pressed(t){let e=t.target.closest("[data-do]"),s=e?.closest(".cell");s&&t.isTrusted&&this.mark(s),e&&this.turns.expect(e.dataset.do,s);let i=t.target.closest('a[href*="/export/"]');i&&this.turns.follow(t,i)}async run(){let t=this.selected,e=t.dataset.kind!=="code";if(e&&!t.querySelector("details.cell-source")?.open)return!0;let s=await this.turns.press("run",t);return e&&s&&this.fold(t),s}runOn(){if(!this.selected)return;let t=this.cells(),e=t[t.indexOf(this.selected)+1],s=this.run();e?this.select(e):s.then(i=>i&&this.turns.press("insert-below",t.at(-1),{then:"edit"}))}async runInsert(){let t=this.selected;await this.run()&&this.turns.press("insert-below",t,{then:"edit"})}insertBelow(t,e){return this.turns.press("insert-below",t,{values:{text:e,kind:t.dataset.kind},then:"stay"})}async moveTo(t,e){let s=this.cells().indexOf(t)+1,i=["up","down"].find(n=>t.querySelector(`[data-do=${n}]:not(:disabled)`));!i||!await this.turns.press(i,t,{values:{place:e}})||this.tellMoved(t,s)}async moveBy(t){let e=this.selected,s=this.cells().indexOf(e)+1;await this.turns.press(t<0?"up":"down",e)&&this.tellMoved(e,s),e.scrollIntoView({block:"nearest"})}async undo(){let t=this.binned.pop();if(!t)return;this.turns.then="select";let e=document.querySelector(`#toasts form[action="/cells/${t}/restore"] button`);e?e.click():await htmx.ajax("POST",`/cells/${t}/restore`,{source:this,swap:"none"})}tellMoved(t,e){let s=this.cells(),i=s.indexOf(t)+1;i>0&&i!==e&&h(`Cell ${e} moved to ${i} of ${s.length}.`)}};customElements.define("notebook-page",M);})();
