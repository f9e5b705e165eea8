(()=>{var D=`<!-- @license lucide-static v1.62.0 - ISC -->
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
`;var P=`<!-- @license lucide-static v1.62.0 - ISC -->
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
`;var K=`<!-- @license lucide-static v1.62.0 - ISC -->
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
`;var V=`<!-- @license lucide-static v1.62.0 - ISC -->
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
`;var z=`<!-- @license lucide-static v1.62.0 - ISC -->
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
`;var R=`<!-- @license lucide-static v1.62.0 - ISC -->
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
`;var H=`<!-- @license lucide-static v1.62.0 - ISC -->
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
`;var Y=`<!-- @license lucide-static v1.62.0 - ISC -->
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
`;var F=`<!-- @license lucide-static v1.62.0 - ISC -->
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
`;var U=`<!-- @license lucide-static v1.62.0 - ISC -->
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
`;var _=`<!-- @license lucide-static v1.62.0 - ISC -->
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
`;var W=`<!-- @license lucide-static v1.62.0 - ISC -->
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
`;var J=`<!-- @license lucide-static v1.62.0 - ISC -->
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
`;var G=`<!-- @license lucide-static v1.62.0 - ISC -->
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
`;var qt={audio:D,braces:P,alert:V,archive:z,check:K,turning:R,code:H,text:Y,file:F,film:U,picture:_,search:W,table:J,close:G};function d(o){let t=new DOMParser().parseFromString(qt[o],"image/svg+xml").documentElement;for(let[e,s]of Object.entries({class:"icon",width:16,height:16,"stroke-width":1.75,"aria-hidden":!0}))t.setAttribute(e,s);return document.importNode(t,!0)}function l(o){let t=document.getElementById("announcer");t&&(t.textContent=o)}function m(o,{ways:t=[],cause:e=o}={}){let s=document.getElementById("toasts");if(!s)return null;let i=Z(e),n=i.find(c=>c.querySelector(".toast-action")&&t.length===0)??i.find(c=>c.querySelector(".toast-text").textContent===o);if(n)return n.contains(document.activeElement)||s.append(n),n;let a=It(o,t);a.dataset.cause=e;for(let c of i)c.remove();return s.append(a),a}function u(o){let t=Z(o);for(let e of t)e.remove();return t.length>0}var T="away",N="signed out";function Q(o=0){let t=o<500&&u(T),e=o>=200&&o<400&&u(N);(t||e)&&document.dispatchEvent(new CustomEvent("server:reached"))}function X(o=""){location.assign(`/?return=${encodeURIComponent(location.pathname+o)}`)}var Z=o=>[...document.querySelectorAll("#toasts > toast-note")].filter(t=>t.dataset.cause===o);function It(o,t){let e=document.createElement("toast-note");e.className="toast",e.dataset.stay="";let s=document.createElement("p");s.className="toast-text",s.textContent=o;let i=document.createElement("button");return i.type="button",i.className="toast-close",i.dataset.close="",i.setAttribute("aria-label","Close this message"),i.append(d("close")),e.append(d("alert"),s,...t.map(Lt),i),e}function Lt({words:o,act:t}){let e=document.createElement("button");return e.type="button",e.className="toast-action",e.textContent=o,e.addEventListener("click",t),e}var w=class{constructor(t){this.page=t,t.list.addEventListener("pointerdown",e=>this.press(e))}press(t){let e=t.target.closest("[data-handle]");if(!e||t.button!==0)return;t.preventDefault(),this.cell=e.closest(".cell"),this.from=t.clientY,this.stop=new AbortController;let s=(i,r)=>e.addEventListener(i,r,{signal:this.stop.signal});e.setPointerCapture(t.pointerId),s("pointermove",i=>this.move(i.clientY)),s("pointerup",()=>this.drop()),s("pointercancel",()=>this.end()),addEventListener("keydown",i=>i.key==="Escape"&&this.end(),{signal:this.stop.signal,capture:!0})}move(t){!this.line&&Math.abs(t-this.from)<4||(this.line||this.lift(),this.at=t,this.place())}lift(){this.line=document.createElement("div"),this.line.className="drop-line",this.page.list.append(this.line),this.cell.dataset.dragged="";let t=()=>{if(!this.line)return;let e=this.at<72?this.at-72:Math.max(0,this.at-innerHeight+72);e&&(scrollBy(0,Math.max(-18,Math.min(18,e/4))),this.place()),requestAnimationFrame(t)};requestAnimationFrame(t)}place(){let t=this.page.cells(),e=t.indexOf(this.cell),s=t.findIndex(a=>{let c=a.getBoundingClientRect();return this.at<c.top+c.height/2});s<0&&(s=t.length),this.to=s>e?s-1:s;let i=t[s]?.getBoundingClientRect().top,r=t[s-1]?.getBoundingClientRect().bottom,n=i===void 0?r+12:r===void 0?i-12:(i+r)/2;this.line.hidden=this.to===e,this.line.style.top=`${n-this.page.list.getBoundingClientRect().top}px`}drop(){let{cell:t,to:e}=this,s=this.page.cells().indexOf(t),i=this.line&&e!==void 0&&e!==s;this.end(),i&&this.page.moveTo(t,e+1)}end(){this.stop.abort(),this.line?.remove(),delete this.cell.dataset.dragged,this.line=this.to=void 0}};var v=class{constructor(t){this.watch=new IntersectionObserver(s=>this.see(s),{rootMargin:"1000px 0px"});let e=()=>{for(let s of t())this.watch.observe(s)};document.readyState==="complete"?e():addEventListener("load",()=>setTimeout(e),{once:!0})}follow(t){document.readyState==="complete"&&this.watch.observe(t)}see(t){for(let{target:e,isIntersecting:s}of t)e.toggleAttribute("data-far",!s)}};var x=class{constructor(t){this.page=t,document.addEventListener("keydown",s=>this.early(s),!0),document.addEventListener("keydown",s=>this.late(s));let e=t.querySelector("[data-keys]");e?.addEventListener("click",({target:s})=>(s===e||s.closest("[data-close]"))&&e.close())}early(t){if(t.isComposing)return;let e=this.shared(t);!e||document.querySelector("dialog[open]")||(t.preventDefault(),t.stopPropagation(),(!t.repeat||e===this.up||e===this.down)&&e())}shared(t){let{key:e,shiftKey:s,altKey:i}=t,r=t.ctrlKey||t.metaKey;if(!this.within(t))return null;if(e==="Enter"){if(s&&!r&&!i)return()=>this.page.runOn();if(r&&!s&&!i)return()=>this.run();if(i&&!s&&!r)return()=>this.page.runInsert()}return t.ctrlKey&&s&&e==="ArrowUp"?this.up:t.ctrlKey&&s&&e==="ArrowDown"?this.down:r&&!s&&!i&&e.toLowerCase()==="s"?()=>this.page.saving.flush():null}up=()=>this.page.moveBy(-1);down=()=>this.page.moveBy(1);run(){this.page.run(),this.page.select(this.page.selected)}within(t){let e=t.composedPath()[0];return e.closest?.(".cm-panel")?!1:t.target.closest?.("code-editor")?this.page.contains(t.target):!Tt(e)&&(t.target===document.body||this.page.contains(t.target))}late(t){if(t.defaultPrevented||t.isComposing||t.ctrlKey||t.metaKey||t.altKey||!this.page.selected)return;if(t.target.closest?.("code-editor")){t.key==="Escape"&&this.leave(t);return}if(!this.within(t)||document.querySelector("dialog[open]"))return;let e=this.command(t);e&&(t.preventDefault(),e())}leave(t){t.target.closest(".cell-conflict")||(t.preventDefault(),this.page.select(this.page.selected))}command(t){let{page:e}=this,i=(t.target===document.body||t.target.matches(".cell"))&&{Enter:()=>e.edit(e.selected),ArrowUp:()=>e.step(-1),ArrowDown:()=>e.step(1)}[t.key];return i?t.shiftKey?null:i:e.dataset.shortcuts==="off"||t.key.length!==1?null:t.key==="?"?()=>e.querySelector("[data-keys]")?.showModal():t.shiftKey?null:this.letter(t)}letter(t){let{page:e}=this,s=n=>()=>e.turns.press(n,()=>e.selected),i={a:s("insert-above"),b:s("insert-below"),d:()=>this.twice(s("delete")),j:()=>e.step(1),k:()=>e.step(-1),m:s("to-markdown"),y:s("to-code"),z:()=>e.undo()};return t.repeat&&!"jk".includes(t.key)?null:i[t.key]}twice(t){let e=performance.now(),s=e-this.first<800;this.first=s?void 0:e,s&&t()}},Bt="input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]:not([contenteditable=false])",Tt=o=>o instanceof Element&&o.closest(Bt)!==null;var Nt=/[\p{L}_][\p{L}\p{N}_]{2,}/gu;var y=class{known=new Map;constructor(t,e){this.path=t,this.texts=e}names(t,e){let s=new Set,i=2e5;for(let r of[t,...this.texts()]){for(let n of r.length>i?tt(r.slice(0,i)):this.wordsOf(r))if(s.add(n),s.size>500)break;if(i-=r.length,i<=0||s.size>500)break}return s.delete(e),[...s]}wordsOf(t){return this.known.size>1e3&&this.known.clear(),this.known.has(t)||this.known.set(t,tt(t)),this.known.get(t)}async ask(t,e,s){let i=await fetch(`${this.path}/complete`,{method:"POST",body:new URLSearchParams({code:t,at:e}),headers:{Accept:"application/json"},signal:s});return i.ok&&i.status!==204?i.json():null}},tt=o=>new Set(o.match(Nt));var b=class{known=new Set;constructor(t){this.page=t;for(let e of this.boxes())this.known.add(e.id);for(let e of["keydown","pointerdown"])document.addEventListener(e,()=>this.ran=null,!0);t.list.addEventListener("focusin",({target:e})=>this.at=e.closest(".question")?.closest(".cell"))}boxes(){return[...this.page.list.querySelectorAll(".question")]}look(){let t=this.boxes();this.at&&et()&&!this.at.querySelector(".question")&&this.page.select(this.at);for(let e of t)!this.known.has(e.id)&&this.free(e.closest(".cell"))&&this.enter(e);this.known=new Set(t.map(e=>e.id))}free(t){if(document.querySelector("dialog[open], details.menu[open]"))return!1;if(et())return!0;let{activeElement:e}=document;return e.matches("code-editor, input, textarea, select, iframe")?!1:t.contains(e)||this.ran===t&&e.matches(".cell")}enter(t){let e=t.querySelector("input[name=text]");e.focus({preventScroll:!0}),e.scrollIntoView({block:"nearest"})}},et=()=>document.activeElement===document.body||document.activeElement===null;function st(o,t){let e=o.split(`
`),s=t.split(`
`),i=0;for(;i<e.length&&i<s.length&&e[i]===s[i];)i++;let r=0;for(;r<e.length-i&&r<s.length-i&&e[e.length-1-r]===s[s.length-1-r];)r++;let[n,a]=Ot(e.slice(i,e.length-r),s.slice(i,s.length-r)),c=(f,p)=>f.map((B,ut)=>({text:B,own:p.has(ut-i)}));return[c(e,n),c(s,a)]}function Ot(o,t){let e=new Set(o.keys()),s=new Set(t.keys());if(o.length>1500||t.length>1500)return[e,s];let i=t.length+1,r=new Uint16Array((o.length+1)*i);for(let n=o.length-1;n>=0;n--)for(let a=t.length-1;a>=0;a--)r[n*i+a]=o[n]===t[a]?r[(n+1)*i+a+1]+1:Math.max(r[(n+1)*i+a],r[n*i+a+1]);for(let n=0,a=0;n<o.length&&a<t.length;)o[n]===t[a]?(e.delete(n++),s.delete(a++)):r[(n+1)*i+a]>=r[n*i+a+1]?n++:a++;return[e,s]}var k=class{constructor(t,e){this.editor=t,this.box=h("section",{className:"cell-conflict",slot:"below",role:"group",ariaLabel:"Changed in another tab",tabIndex:-1});let s=h("p",{className:"cell-conflict-head"});s.append(d("alert"),h("b",{textContent:"Changed in another tab"}),h("span",{textContent:"Both texts are kept until you choose."})),this.mine=it("Yours, here"),this.theirs=it("The other one");let i=h("div",{className:"cell-conflict-panes"});i.append(this.mine.node,this.theirs.node);let r=h("div",{className:"cell-conflict-acts"});r.append(O("Keep mine","mine",!0),O("Take theirs","theirs"),O("Keep both","both")),this.box.append(s,i,r),this.box.addEventListener("click",n=>{let a=n.target.closest("[data-choice]")?.dataset.choice;a&&e(a)}),t.append(this.box)}show(t,e){let[s,i]=st(t,e);nt(this.mine.text,s),nt(this.theirs.text,i)}focus(){this.box.focus(),this.box.scrollIntoView({block:"nearest"})}remove(){this.box.remove()}},h=(o,t)=>Object.assign(document.createElement(o),t);function O(o,t,e=!1){let s=h("button",{type:"button",className:e?"button button-small button-primary":"button button-small",textContent:o});return s.dataset.choice=t,s}function it(o){let t=h("figure",{className:"cell-conflict-pane"}),e=h("pre",{tabIndex:0,ariaLabel:o});return t.append(h("figcaption",{textContent:o}),e),{node:t,text:e}}function nt(o,t){o.replaceChildren(...t.map(({text:e,own:s})=>{let i=h("span",{className:"cell-conflict-line",textContent:`${e}
`});return s&&(i.dataset.own=""),i}))}var ot="mayfly:cell:";var S=class{constructor(t,e){this.notebook=e,this.mine=ot+t+":",this.tab=jt()}key(t){return`${this.mine}${t}:${this.tab}`}keep(t,e){let s={...e,notebook:this.notebook,at:Date.now()};try{return localStorage.setItem(this.key(t),JSON.stringify(s)),!0}catch{try{localStorage.removeItem(this.key(t))}catch{}return C("readwrite",i=>i.put(s,this.key(t))).then(()=>!0,()=>!1)}}drop(t,e=this.key(t)){try{localStorage.removeItem(e)}catch{}this.some&&C("readwrite",s=>s.delete(e)).catch(()=>{})}async all(){let t=new Map,e=(s,i)=>{if(!s.startsWith(this.mine)||!i||typeof i.text!="string")return;let[r,n]=s.slice(this.mine.length).split(":");n!==this.tab&&Date.now()-i.at<1e4||t.get(r)?.at>=i.at||t.set(r,{...i,key:s})};At(e);for(let[s,i]of await $t())this.some=!0,e(s,i);return t}};function At(o){try{for(let t of Object.keys(localStorage)){if(!t.startsWith(ot))continue;let e=JSON.parse(localStorage.getItem(t));Date.now()-e?.at<2592e6?o(t,e):localStorage.removeItem(t)}}catch{}}function jt(){let o="mayfly:tab",t=Math.random().toString(36).slice(2,10);try{let e=sessionStorage.getItem(o)??t;return sessionStorage.setItem(o,e),e}catch{return t}}function C(o,t){return new Promise((e,s)=>{let i=indexedDB.open("mayfly",1);i.onupgradeneeded=()=>i.result.createObjectStore("drafts"),i.onerror=()=>s(i.error),i.onsuccess=()=>{let r=i.result,n=r.transaction("drafts",o),a=t(n.objectStore("drafts"));n.oncomplete=()=>e(a.result),n.onerror=n.onabort=()=>s(n.error),n.addEventListener("complete",()=>r.close())}})}async function $t(){try{if((await indexedDB.databases?.())?.every(({name:e})=>e!=="mayfly"))return[];let o=await C("readonly",e=>e.getAllKeys()),t=await C("readonly",e=>e.getAll());return o.map((e,s)=>[e,t[s]])}catch{return[]}}var rt=40,E=class{waiting=new Map;constructor(t,e,s){this.page=t,this.drafts=e,this.changed=s}offer(t,e){this.waiting.set(t,e);let[s]=e.text.trim().split(`
`),i=s.length>rt?`${s.slice(0,rt)}\u2026`:s;m(`Cell ${e.place} was deleted before what you typed was saved. It is kept here: ${i||"an empty text"}`,{cause:at(t),ways:[{words:"Put it back",act:()=>this.putBack(t)},{words:"Throw it away",act:()=>this.drop(t)}]}),this.changed()}async putBack(t){let{text:e,kind:s,place:i}=this.waiting.get(t),r={text:e,kind:s,place:Math.min(i,this.page.cells().length+1)},n=s==="code"?"add-code":"add-markdown";await this.page.turns.press(n,void 0,{values:r,then:"edit"})&&(this.drop(t),l("Your text is in a new cell."))}take(t){let e=this.waiting.get(t);return this.forget(t),e}drop(t){let e=this.waiting.get(t);this.forget(t),this.drafts.drop(t,e?.key),this.changed()}forget(t){this.waiting.delete(t),u(at(t))}},at=o=>`text of ${o}`;var g=o=>o.replace(/\r\n?/g,`
`);function A(o){return globalThis.requestIdleCallback?requestIdleCallback(o,{timeout:1e3}):setTimeout(o,50,{didTimeout:!0})}var M=class{constructor(t,e,s){this.id=t,this.version=e,this.base=s,this.sent=[],this.conflict=null}meet(t,e,s){if(t<this.version)return"old";let i=s===this.base;return e===s||e===this.base||this.sent.includes(e)?(this.settle(t,e),"same"):i&&!this.conflict?(this.settle(t,e),"theirs"):(this.conflict={version:t,text:e},"conflict")}settle(t,e){this.version=Math.max(t,this.version),this.base=e,this.sent=this.sent.slice(this.sent.indexOf(e)+1),this.conflict=null}};var ct=800,Dt=5e3,Pt=250,q=class{constructor(t,e,s){this.page=t,this.cell=e,this.editor=s;let i=s.querySelector("textarea");this.place=0,this.text=new M(e.dataset.cell,Number(e.dataset.version),g(i.defaultValue))}get mine(){return this.editor.value??this.editor.querySelector("textarea").value}get dirty(){return this.mine!==this.text.base}get typed(){return{version:this.text.version,text:this.mine,kind:this.cell.dataset.kind,place:this.place}}stop(){clearTimeout(this.timer),this.draft()}note(){clearTimeout(this.drafting),this.drafting=setTimeout(()=>A(()=>this.draft()),Pt),this.begun??=performance.now(),this.soon(Math.min(ct,Math.max(0,this.begun+Dt-performance.now()))),this.page.typing(this)}soon(t){clearTimeout(this.timer),this.timer=setTimeout(()=>A(()=>this.save()),t)}draft(){if(clearTimeout(this.drafting),!this.dirty){this.kept=!0,this.page.drafts.drop(this.text.id);return}let t=this.page.drafts.keep(this.text.id,this.typed);this.kept=t===!0,t!==!0&&t.then(e=>this.kept=e)}async save(){for(clearTimeout(this.timer);this.going;)await this.going;if(this.text.conflict||!this.dirty||!this.cell.isConnected)return this.saved();this.begun=void 0,this.going=this.send(this.mine),this.page.changed();try{await this.going}finally{this.going=null,this.page.changed()}}async send(t){let{id:e,version:s}=this.text;this.text.sent=[...this.text.sent,t].slice(-20);let i;try{i=await lt(e,s,t)}catch{return this.draft(),this.page.fault(this,{kind:"lost"})}Q(i.status),i.ok?(this.text.settle(Number(i.headers.get("Mayfly-Version"))||s,t),this.cell.dispatchEvent(new CustomEvent("cell:saved",{bubbles:!0})),this.settled()):(this.draft(),await this.refused(i))}along(t){clearTimeout(this.timer),this.draft(),this.text.sent=[...this.text.sent,t].slice(-20),this.carried=t}arrived(t,e){let s=[e?.headers.get("Mayfly-Version"),this.shown?.value,this.cell.dataset.version].map(Number),i=Math.max(...s.filter(Number.isFinite));e?.status<400&&i>=this.text.version?this.text.settle(i,t):[400,413,422].includes(e?.status)?this.page.fault(this,{kind:"refused",told:!0}):e?.status<400||this.soon(0),this.carried=void 0,this.settled()}get shown(){return this.editor.querySelector("[name=version]")}settled(){this.shown&&(this.shown.value=this.text.version),this.saved(),this.dirty&&!this.text.conflict&&this.soon(ct)}told(t){let e=this.carried;if(this.carried=void 0,!(t<=this.text.version)){if(e===void 0)return this.send(this.mine);this.text.settle(t,e),this.settled()}}async refused(t){let e=await t.json().catch(()=>({}));if(t.status===409&&typeof e.text=="string"){this.meet(e.version,g(e.text));return}let s=Number(t.headers.get("Retry-After"))*1e3,i={401:"signed-out",403:"signed-out",404:"gone",413:"refused",422:"refused",400:"refused"}[t.status]??"lost";this.page.fault(this,{kind:i,words:e.detail??e.message,wait:s})}bringBack({version:t,text:e}){if(t===this.text.version){this.editor.value=e;return}let s={version:this.text.version,text:this.text.base};this.editor.take(e),this.text.conflict=s,this.draft(),this.page.conflict(this),this.page.changed()}saved(){this.dirty||(this.draft(),this.page.fine(this)),this.page.changed()}meet(t,e){let s=this.text.conflict,i=this.text.meet(t,e,this.mine);i==="theirs"&&this.editor.take(e),i==="conflict"?(this.draft(),this.cell.dispatchEvent(new CustomEvent("cell:conflict",{bubbles:!0})),this.page.conflict(this)):s&&!this.text.conflict&&this.page.agreed(this),i!=="old"&&this.settled()}decide(t){let{version:e,text:s}=this.text.conflict;return this.text.settle(e,s),t!==this.mine&&this.editor.take(t),this.page.agreed(this),this.save()}leave(t){if(!this.dirty||(this.draft(),this.text.conflict)||this.mine.length>t)return t;let e=new URLSearchParams({text:this.mine}).toString().length+200;return e>t?t:(this.text.sent=[...this.text.sent,this.mine],lt(this.text.id,this.text.version,this.mine,!0).catch(()=>{}),t-e)}};function lt(o,t,e,s=!1){return fetch(`/cells/${o}/text`,{method:"POST",body:new URLSearchParams({version:t,text:e}),headers:{Accept:"application/json"},redirect:"error",keepalive:s})}var Kt={lost:"Not saved: Mayfly cannot be reached. Your draft is safe in this browser.","signed-out":"Not saved: you are signed out. Your draft is safe in this browser.",refused:"Not saved: the server does not take this text. A cell holds 1 MB at most.",gone:"Not saved: this cell or its notebook was deleted. Your draft is safe in this browser."},Vt="Not saved, and this browser has no room for a draft. Keep this tab open until it says Saved.",j="saving",zt={saved:{sign:"check",words:"Saved"},saving:{sign:"turning",words:"Saving\u2026"},failed:{sign:"alert",words:"Not saved"}},ht=1e3,Rt=3e4,Ht=6e4,I=class{savers=new Map;bars=new Map;troubled=new Set;constructor(t){this.page=t;let e=document.querySelector(".menu-note .mono")?.textContent.trim()??"";this.drafts=new S(e,t.dataset.notebook),this.lone=new E(t,this.drafts,()=>this.changed()),document.addEventListener("server:reached",()=>this.again())}of(t){let e=t.dataset.cell,s=this.savers.get(e);if(s?.cell===t)return s;let i=t.querySelector("code-editor");if(!i)return null;let r=new q(this,t,i);this.savers.set(e,r);let n=this.lone.take(e);return n&&setTimeout(()=>r.bringBack(n)),r}gone(t){let e=this.savers.get(t.dataset.cell);e?.cell===t&&(this.agreed(e),this.savers.delete(e.text.id),e.stop(),this.fine(e),e.dirty&&this.lone.offer(e.text.id,e.typed))}knows(t){return this.savers.get(t.dataset.cell)?.cell===t}get calm(){return this.all().every(t=>t.text.conflict||!t.dirty&&!t.going)}get torn(){return this.all().filter(t=>t.text.conflict)}all(){return[...this.savers.values()].filter(t=>t.cell.isConnected)}async restore(){let t=await this.drafts.all(),e=0;for(let[s,i]of t){let r=this.savers.get(s);if(!r&&i.notebook===this.page.dataset.notebook&&this.lone.offer(s,i),!!r){if(i.key!==this.drafts.key(s)&&this.drafts.drop(s,i.key),i.text===r.text.base){this.drafts.drop(s);continue}r.dirty||(e++,r.bringBack(i))}}e>0&&l(e===1?"A text that was not saved is back.":`${e} texts that were not saved are back.`)}theirs(t){let e=this.of(t),s=t.querySelector("template.cell-theirs[data-version]")??t.querySelector("template.cell-theirs"),i=Number(s?.dataset.version??t.dataset.version);!e||i<=e.text.version||(s?e.meet(i,g(s.content.textContent).replace(/^\n/,"")):e.told(i),s?.dataset.version&&s.remove())}conflict(t){let{id:e,conflict:s}=t.text,i=this.bars.get(e);i||(i=new k(t.editor,r=>this.choose(t,r)),this.bars.set(e,i),l("This cell was changed in another tab. Both texts are kept: choose one.")),i.show(t.mine,s.text)}async choose(t,e){let{mine:s}=t,i=t.text.conflict.text;e==="both"&&!await this.page.insertBelow(t.cell,s)||(await t.decide(e==="mine"?s:i),l({mine:"Your text is kept.",theirs:"The other text is taken.",both:"Your text is in a new cell below."}[e]),this.page.select(t.cell))}agreed(t){this.bars.get(t.text.id)?.remove(),this.bars.delete(t.text.id)}async flush(){return await Promise.all(this.all().map(t=>t.save())),this.all().every(t=>t.text.conflict||!t.dirty)}typing(t){this.troubled.size===0&&!t.text.conflict?this.tell("saving"):this.changed()}changed(){let t=this.all(),e=t.some(r=>r.dirty||r.going),s=this.troubled.size>0||t.some(r=>r.text.conflict),i=this.lone.waiting.size>0;this.tell(i||e&&s?"failed":e?"saving":"saved")}tell(t){let e=document.getElementById("save-state");if(!e||e.dataset.state===t)return;e.dataset.state=t,e.ariaLive="off";let{sign:s,words:i}=zt[t];e.replaceChildren(d(s),i)}fine(t){this.troubled.delete(t),t!==this.savers.get(t.text.id)&&this.lone.forget(t.text.id),!(this.troubled.size>0)&&(this.pace=ht,u(j))}fault(t,{kind:e,words:s,wait:i,told:r}){if(t!==this.savers.get(t.text.id))return;this.troubled.add(t);let n=t.kept===!1?Vt:e==="refused"&&s?`Not saved: ${s}`:Kt[e];if(r)return u(j);if(e==="refused"||e==="gone"){m(n,{cause:j}),e==="gone"&&this.page.dispatchEvent(new CustomEvent("notebook:ask"));return}let a=e==="signed-out";m(n,{cause:a?N:T,ways:[a?{words:"Sign in",act:()=>this.signIn()}:{words:"Try again",act:()=>this.again()}]}),this.pace=Math.min(Rt,(this.pace??ht)*2),clearTimeout(this.retry),this.retry=setTimeout(()=>this.again(),i||this.pace)}again(){clearTimeout(this.retry);for(let t of this.all())t.dirty&&t.save()}signIn(){X(this.page.selected?`#${this.page.selected.id}`:"")}leave(){let t=Ht;for(let e of this.all())t=e.leave(t)}get unsafe(){return this.all().some(t=>t.dirty&&t.kept===!1)}};var Yt=1e4,L=class{constructor(t){this.page=t,this.last=Promise.resolve(!0),this.values=null,this.then=null,t.addEventListener("htmx:config:request",e=>this.config(e))}press(t,e,s={}){return this.last=this.last.then(()=>this.now(t,e,s)).catch(()=>!1),this.last}async now(t,e,{values:s=null,then:i}){let r=typeof e=="function"?e():e,n=this.button(t,r);if(!n)return!1;if(!n.form)return n.click(),!0;let a=this.answered(n);this.values=s,n.click(),i&&(this.then=i),this.values=null;let c=await a;return await new Promise(f=>setTimeout(f)),c}button(t,e){let s=e===void 0?this.page:e;return s?.isConnected?s.querySelector(`[data-do="${t}"]:not(:disabled)`):null}answered(t){return new Promise(e=>{let s=new AbortController,i=n=>{clearTimeout(r),s.abort(),e(n)},r=setTimeout(()=>i(!1),Yt);document.addEventListener("htmx:finally:request",({detail:{ctx:n}})=>{(n.sourceElement===t||n.request.submitter===t||n.sourceElement===t.form)&&i(n.response?.status<400)},{signal:s.signal})})}expect(t,e){let s={"insert-above":"select","insert-below":"select","add-code":"edit","add-markdown":"edit",duplicate:"select"}[t];s&&(this.then=s),t==="delete"&&e&&this.page.binned.push(e.dataset.cell)}born(t){let e=this.then;this.then=null,e==="edit"&&this.page.edit(t),e==="select"&&this.page.select(t)}config(t){let{ctx:e}=t.detail;if(e.request.method!=="POST")return;for(let[a,c]of Object.entries(this.values??{}))e.request.body.set(a,c);let s=e.request.submitter??e.sourceElement,i=s.form??e.sourceElement.closest("form"),r=i?.closest(".cell"),n=r&&this.page.saving.of(r);if(!(s.dataset.do==="stop"||s.dataset.do==="interrupt"||!i?.closest("notebook-page"))){if(this.torn(s.dataset.do,n))return t.preventDefault(),this.lost(s);if(e.request.body.has("text")&&e.request.body.has("version")&&!n?.going)return this.along(e,n);this.passes===s||this.page.saving.calm||(t.preventDefault(),this.again(s,this.values,()=>s.click()))}}along(t,e){let s=e.mine;t.request.body.set("version",e.text.version),t.request.body.set("text",s),e.along(s);let i=({detail:r})=>{r.ctx===t&&(document.removeEventListener("htmx:finally:request",i),e.arrived(s,t.response))};document.addEventListener("htmx:finally:request",i)}torn(t,e){let i=["run-all","restart-run-all","run-above","run-below"].includes(t)?this.page.saving.torn[0]:e?.text.conflict&&["run","duplicate"].includes(t)?e:null;return i?(this.page.saving.bars.get(i.text.id)?.focus(),l("Choose one of the two texts first."),!0):!1}lost(t){document.dispatchEvent(new CustomEvent("htmx:finally:request",{detail:{ctx:{sourceElement:t,request:{submitter:t}}}}))}async again(t,e,s){if(!await this.page.saving.flush())return l("Not done: some text is not saved."),this.lost(t);this.passes=t,this.values=e,s(),this.values=this.passes=null}hold(t){let e=t.target;if(e.method!=="post"||this.passes===e||this.page.saving.calm)return;let s=t.submitter;e.hasAttribute("hx-post")||s?.hasAttribute("hx-post")||(t.preventDefault(),t.stopImmediatePropagation(),this.again(e,null,()=>e.requestSubmit(s)))}follow(t,e){this.passes===e||this.page.saving.calm||(t.preventDefault(),this.again(e,null,()=>e.click()))}};var $=class extends HTMLElement{connectedCallback(){this.saving||(this.list=this.querySelector("#cells"),this.saving=new I(this),this.turns=new L(this),this.names=new y(`/notebooks/${this.dataset.notebook}`,()=>this.texts()),this.binned=[],this.questions=new b(this),new x(this),new w(this),this.listen(),this.far=new v(()=>this.cells()),this.cells().forEach((t,e)=>this.meet(t,e)),this.watch=new MutationObserver(t=>this.see(t)),this.watch.observe(this.list,{childList:!0,subtree:!0,attributeFilter:["data-version","data-kind","data-error-line","aria-label","hidden"]}),this.mark(this.remembered()),location.hash&&this.selected?.id===location.hash.slice(1)&&this.select(this.selected),this.saving.restore(),this.saving.changed(),customElements.whenDefined("code-editor").then(()=>this.greet()))}greet(){let[t,...e]=this.cells();e.length>0||document.activeElement!==document.body||t?.querySelector("textarea").value===""&&this.edit(t)}listen(){this.addEventListener("input",t=>this.typed(t.target.closest("code-editor"))),this.addEventListener("focusin",t=>this.mark(t.target.closest(".cell"))),this.addEventListener("editor:leave",t=>this.pass(t)),this.addEventListener("submit",t=>this.turns.hold(t),!0),this.addEventListener("keydown",t=>this.named(t)),this.addEventListener("click",t=>this.pressed(t),!0),this.addEventListener("dblclick",t=>t.target.closest(".cell-prose")&&this.edit(t.target.closest(".cell"))),addEventListener("pagehide",()=>this.saving.leave()),addEventListener("online",()=>this.saving.again()),addEventListener("beforeunload",t=>this.saving.unsafe&&t.preventDefault()),document.addEventListener("visibilitychange",()=>document.hidden?this.saving.leave():this.saving.again())}cells(){return[...this.list.children].filter(t=>t.matches(".cell:not([hidden])"))}texts(){return this.cells().filter(t=>t.dataset.kind==="code").map(t=>this.saving.of(t)?.mine??"")}meet(t,e=this.cells().indexOf(t)){let s=this.saving.of(t);s&&(s.editor.helper=this.names,this.far.follow(t),this.dress(t,e))}dress(t,e){let s=t.querySelector("code-editor"),i=t.dataset.kind==="code",r=s.querySelector("textarea");r.placeholder=i?"Python":"Markdown",s.become?.(i?"python":"markdown",`${i?"Code":"Text"} of cell ${e+1}`),s.wrong=Number(t.dataset.errorLine??0),this.saving.of(t).place=e+1}see(t){let e=new Set,[s,i]=[[],[]];for(let{target:n,type:a,addedNodes:c,removedNodes:f}of t){n===this.list&&(s.push(...dt(c)),i.push(...dt(f)));let p=n.closest?.(".cell");p&&(a==="attributes"?n===p:[...c].some(B=>B.matches?.("template")))&&e.add(p)}let r=s.filter(n=>n.isConnected&&!this.saving.knows(n));for(let n of new Set([...s,...e]))n.isConnected&&!n.hidden&&this.meet(n);for(let n of e)n.isConnected&&!n.hidden&&this.saving.theirs(n);for(let n of[...i,...e])(!n.isConnected||n.hidden)&&this.saving.gone(n);this.keep(),this.questions.look(),r.length>0&&setTimeout(()=>this.turns.born(r.at(-1)))}keep(){let{selected:t}=this;if(t){if(!t.isConnected||t.hidden){let e=document.activeElement===document.body||t.contains(document.activeElement),s=this.cells(),i=document.getElementById(t.id);this.mark(i??s[Math.max(0,Math.min(this.at,s.length-1))]),e&&this.selected!==t&&this.selected.focus({preventScroll:!0})}this.at=this.cells().indexOf(this.selected)}}typed(t){let e=t?.closest(".cell");if(!e)return;let s=this.saving.of(e);s.note(),s.text.conflict&&this.saving.conflict(s),e.dispatchEvent(new CustomEvent("cell:dirty",{bubbles:!0}))}named(t){t.key!=="Enter"||t.isComposing||t.target.id!=="notebook-name"||setTimeout(()=>this.select(this.selected))}mark(t){if(!(!t||t===this.selected)){this.selected&&delete this.selected.dataset.selected,this.selected=t,this.at=this.cells().indexOf(t),t.dataset.selected="";try{sessionStorage.setItem(this.memory,t.id)}catch{}}}get memory(){return`mayfly:selected:${this.dataset.notebook}`}remembered(){let t=s=>this.cells().find(i=>s&&i.id===s),e;try{e=sessionStorage.getItem(this.memory)}catch{}return t(location.hash.slice(1))??t(e)??this.cells()[0]}select(t){t&&(this.mark(t),this.fold(t),t.focus({preventScroll:!0}),t.scrollIntoView({block:"nearest"}))}step(t){this.select(this.cells()[this.cells().indexOf(this.selected)+t]??this.selected)}edit(t,e){if(!t)return;this.mark(t);let s=t.querySelector("details.cell-source");s&&(s.open=!0);let i=t.querySelector("code-editor");e&&i.enter?i.enter(e):i.focus(),t.querySelector(".cell-box")?.scrollIntoView({block:"nearest"})}fold(t){let e=t.querySelector("details.cell-source[open]");e&&this.saving.of(t).mine.trim()!==""&&!this.saving.of(t).text.conflict&&(e.open=!1)}pass(t){let e=this.cells(),s=e[e.indexOf(t.target.closest(".cell"))+t.detail];s&&(t.preventDefault(),s.dataset.kind==="code"?this.edit(s,t.detail):this.select(s))}pressed(t){let e=t.target.closest("[data-do]"),s=e?.closest(".cell");s&&t.isTrusted&&this.mark(s),e&&this.turns.expect(e.dataset.do,s);let i=t.target.closest('a[href*="/export/"]');i&&this.turns.follow(t,i)}async run(){let t=this.selected,e=t.dataset.kind!=="code";if(e&&!t.querySelector("details.cell-source")?.open)return!0;let s=await this.turns.press("run",t);return e&&s&&this.fold(t),s}runOn(){if(!this.selected)return;let t=this.cells(),e=t[t.indexOf(this.selected)+1];this.questions.ran=this.selected;let s=this.run();e?this.select(e):s.then(i=>i&&this.turns.press("insert-below",t.at(-1),{then:"edit"}))}async runInsert(){let t=this.selected;await this.run()&&this.turns.press("insert-below",t,{then:"edit"})}insertBelow(t,e){return this.turns.press("insert-below",t,{values:{text:e,kind:t.dataset.kind},then:"stay"})}async moveTo(t,e){let s=this.cells().indexOf(t)+1,i=["up","down"].find(r=>t.querySelector(`[data-do=${r}]:not(:disabled)`));!i||!await this.turns.press(i,t,{values:{place:e}})||this.tellMoved(t,s)}async moveBy(t){let e=this.selected,s=this.cells().indexOf(e)+1;await this.turns.press(t<0?"up":"down",e)&&this.tellMoved(e,s),e.scrollIntoView({block:"nearest"})}async undo(){let t=this.binned.pop();if(!t)return;this.turns.then="select";let e=document.querySelector(`#toasts form[action="/cells/${t}/restore"] button`);e?e.click():await htmx.ajax("POST",`/cells/${t}/restore`,{source:this,swap:"none"})}tellMoved(t,e){let s=this.cells(),i=s.indexOf(t)+1;i>0&&i!==e&&l(`Cell ${e} moved to ${i} of ${s.length}.`)}},dt=o=>[...o].filter(t=>t.matches?.(".cell"));customElements.define("notebook-page",$);})();
