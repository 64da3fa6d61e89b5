"""Formulas: LaTeX in a model's words as a learner reads it on a phone."""

import asyncio
import re
import subprocess
import sys
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.formulas import readable
from bot.markup import styled
from tests.builders import BLOWN_UP
from tests.fakes.screen import END, Screen
from tests.journeys.people import text_of
from tests.journeys.talkers import talking


def seen(words: str) -> str:
    """What a learner sees of a model's words."""
    return styled(readable(words)).text


FORMULAS = [
    # Attention and the transformer
    (
        r"\text{Attention}(Q, K, V) = \text{softmax}\left(\frac{QK^\top}{\sqrt{d_k}}\right)V",
        "Attention(Q, K, V) = softmax(QKᵀ/√dₖ)V",
    ),
    (
        r"\mathrm{MultiHead}(Q,K,V)=\mathrm{Concat}(\mathrm{head}_1,\dots,\mathrm{head}_h)W^O",
        "MultiHead(Q, K, V) = Concat(head₁, …, headₕ)Wᴼ",
    ),
    (r"Q = XW^Q, \quad Q \in \mathbb{R}^{n \times d_k}", "Q = XW^Q, Q ∈ ℝ^(n×dₖ)"),
    (r"X \in \mathbb{R}^{B \times T \times C}", "X ∈ ℝ^(B×T×C)"),
    (r"\mathcal{O}(n^2 \cdot d)", "𝒪(n²·d)"),
    (
        r"PE_{(pos, 2i)} = \sin\left(\frac{pos}{10000^{2i/d_{\text{model}}}}\right)",
        "PE_(pos,2i) = sin(pos/10000^(2i/d_model))",
    ),
    (r"\theta_i = 10000^{-2(i-1)/d}", "θᵢ = 10000^(−2(i−1)/d)"),
    (
        r"\begin{pmatrix} \cos m\theta & -\sin m\theta \\ \sin m\theta & \cos m\theta"
        r" \end{pmatrix} \begin{pmatrix} x_1 \\ x_2 \end{pmatrix}",
        "[cos mθ, −sin mθ; sin mθ, cos mθ] [x₁; x₂]",
    ),
    (r"f_{\{q,k\}}(x_m, m) = R^d_{\Theta,m} W_{\{q,k\}} x_m", "f_{q,k}(xₘ, m) = R_{Θ,m}ᵈW_{q,k}xₘ"),
    (
        r"\mathrm{LN}(x) = \gamma \odot \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}} + \beta",
        "LN(x) = γ ⊙ (x−μ)/√(σ²+ε) + β",
    ),
    (
        r"\text{RMSNorm}(x) = \frac{x}{\sqrt{\frac{1}{d}\sum_{i=1}^{d} x_i^2 + \epsilon}} \cdot g",
        "RMSNorm(x) = x/√(1/d ∑ᵢ₌₁ᵈ xᵢ²+ε) · g",
    ),
    (
        r"\text{GELU}(x) \approx 0.5x\left(1+\tanh\left[\sqrt{\frac{2}{\pi}}"
        r"\left(x+0.044715x^3\right)\right]\right)",
        "GELU(x) ≈ 0.5x(1 + tanh[√(2/π)(x + 0.044715x³)])",
    ),
    (
        r"\text{GELU}(x) = \frac{x}{2}\left[1 + \text{erf}\left(\frac{x}{\sqrt{2}}\right)\right]",
        "GELU(x) = (x/2)[1 + erf(x/√2)]",
    ),
    (r"\text{SwiGLU}(x) = \text{Swish}(xW_1) \otimes (xW_3)", "SwiGLU(x) = Swish(xW₁) ⊗ (xW₃)"),
    (r"\mathrm{ReLU}(x) = \max(0, x)", "ReLU(x) = max(0, x)"),
    (r"\sigma(x) = \frac{1}{1 + e^{-x}}", "σ(x) = 1/(1+e⁻ˣ)"),
    (r"Y = \text{Norm}(x + \text{FFN}(x))", "Y = Norm(x + FFN(x))"),
    (r"G(x) = \text{Softmax}(\text{TopK}(x \cdot W_g, k))", "G(x) = Softmax(TopK(x·W_g, k))"),
    # Softmax, losses, measures
    (
        r"\mathrm{softmax}(z_i) = \frac{e^{z_i}}{\sum_{j=1}^{K} e^{z_j}}",
        "softmax(zᵢ) = e^(zᵢ)/(∑ⱼ₌₁ᴷ e^(zⱼ))",
    ),
    (r"p_i = \frac{\exp(z_i / T)}{\sum_j \exp(z_j / T)}", "pᵢ = exp(zᵢ/T)/(∑ⱼ exp(zⱼ/T))"),
    (r"L = -\sum_{i=1}^{N} y_i \log(\hat{y}_i)", "L = −∑ᵢ₌₁ᴺ yᵢ log(ŷᵢ)"),
    (
        r"\mathcal{L}_{\text{CE}} = -\frac{1}{N} \sum_{i=1}^{N} \log p_{i,c}",
        "ℒ_CE = −1/N ∑ᵢ₌₁ᴺ log p_{i,c}",
    ),
    (
        r"D_{KL}(P \| Q) = \sum_{x \in \mathcal{X}} P(x) \log \frac{P(x)}{Q(x)}",
        "D_KL(P‖Q) = ∑_{x∈𝒳} P(x) log(P(x)/Q(x))",
    ),
    (r"H(p) = -\sum_x p(x) \log_2 p(x)", "H(p) = −∑ₓ p(x) log₂ p(x)"),
    (
        r"\text{PPL} = \exp\left(-\frac{1}{N}\sum_{i=1}^{N} \log p(x_i \mid x_{<i})\right)",
        "PPL = exp(−1/N ∑ᵢ₌₁ᴺ log p(xᵢ | x_<i))",
    ),
    (
        r"\mathrm{BLEU} = BP \cdot \exp\left(\sum_{n=1}^{N} w_n \log p_n\right)",
        "BLEU = BP·exp(∑ₙ₌₁ᴺ wₙ log pₙ)",
    ),
    (
        r"BP = \begin{cases} 1 & \text{if } c > r \\ e^{1 - r/c} & \text{if } c \le r \end{cases}",
        "BP = { 1, if c > r; e^(1−r/c), if c ≤ r }",
    ),
    (
        r"F_1 = 2 \cdot \frac{\text{Precision} \cdot \text{Recall}}"
        r"{\text{Precision} + \text{Recall}}",
        "F₁ = 2 · Precision·Recall/(Precision+Recall)",
    ),
    (r"\text{Precision} = \frac{TP}{TP + FP}", "Precision = TP/(TP+FP)"),
    (r"\text{MSE} = \frac{1}{n}\sum_{i=1}^{n}(y_i - \hat{y}_i)^2", "MSE = 1/n ∑ᵢ₌₁ⁿ (yᵢ − ŷᵢ)²"),
    (r"\cos(a, b) = \frac{a \cdot b}{\|a\| \|b\|}", "cos(a, b) = a·b/(‖a‖‖b‖)"),
    (r"\lVert x \rVert_2 = \sqrt{\sum_{i} x_i^2}", "‖x‖₂ = √(∑ᵢ xᵢ²)"),
    (
        r"\text{pass@}k = 1 - \frac{\binom{n-c}{k}}{\binom{n}{k}}",
        "pass@k = 1 − C(n−c, k)/C(n, k)",
    ),
    (
        r"\text{IDF}(t) = \log \frac{N - n_t + 0.5}{n_t + 0.5}",
        "IDF(t) = log((N−nₜ+0.5)/(nₜ+0.5))",
    ),
    (r"\text{RRF}(d) = \sum_{r \in R} \frac{1}{k + r(d)}", "RRF(d) = ∑_{r∈R} 1/(k+r(d))"),
    (
        r"\mathcal{L} = -\log \frac{\exp(\mathrm{sim}(z_i, z_j)/\tau)}"
        r"{\sum_{k=1}^{2N} \exp(\mathrm{sim}(z_i, z_k)/\tau)}",
        "ℒ = −log(exp(sim(zᵢ,zⱼ)/τ)/(∑ₖ₌₁²ᴺ exp(sim(zᵢ,zₖ)/τ)))",
    ),
    # Fine-tuning and preference
    (r"h = W_0 x + \Delta W x = W_0 x + BAx", "h = W₀x + ΔWx = W₀x + BAx"),
    (
        r"W' = W + \frac{\alpha}{r} BA, \quad B \in \mathbb{R}^{d \times r}, r \ll \min(d, k)",
        "W′ = W + (α/r)BA, B ∈ ℝ^(d×r), r ≪ min(d, k)",
    ),
    (
        r"y = \underbrace{Wx}_{\text{frozen}} + \underbrace{BAx}_{\text{trained}}",
        "y = Wx (frozen) + BAx (trained)",
    ),
    (
        r"\mathcal{L}_{\text{DPO}} = -\mathbb{E}_{(x, y_w, y_l) \sim \mathcal{D}} \left[ \log"
        r" \sigma \left( \beta \log \frac{\pi_\theta(y_w \mid x)}{\pi_{\text{ref}}(y_w \mid x)}"
        r" - \beta \log \frac{\pi_\theta(y_l \mid x)}{\pi_{\text{ref}}(y_l \mid x)} \right)"
        r" \right]",
        "ℒ_DPO = −𝔼_{(x,y_w,yₗ)∼𝒟}[log σ(β log(π_θ(y_w|x)/π_ref(y_w|x))"
        " − β log(π_θ(yₗ|x)/π_ref(yₗ|x)))]",
    ),
    (
        r"\max_{\pi_\theta} \mathbb{E}_{x \sim \mathcal{D}} [r_\phi(x, y)]"
        r" - \beta D_{KL}[\pi_\theta \| \pi_{ref}]",
        "max_{π_θ} 𝔼_{x∼𝒟}[r_φ(x, y)] − βD_KL[π_θ‖π_ref]",
    ),
    (
        r"L^{CLIP}(\theta) = \hat{\mathbb{E}}_t \left[ \min\left( r_t(\theta) \hat{A}_t,"
        r" \text{clip}(r_t(\theta), 1 - \epsilon, 1 + \epsilon) \hat{A}_t \right) \right]",
        "L^CLIP(θ) = 𝔼̂ₜ[min(rₜ(θ)Âₜ, clip(rₜ(θ), 1 − ε, 1 + ε)Âₜ)]",
    ),
    (
        r"r_t(\theta) = \frac{\pi_\theta(a_t|s_t)}{\pi_{\theta_{old}}(a_t|s_t)}",
        "rₜ(θ) = π_θ(aₜ|sₜ)/π_{θ_old}(aₜ|sₜ)",
    ),
    (
        r"\hat{A}_i = \frac{r_i - \operatorname{mean}(\{r_1, \ldots, r_G\})}"
        r"{\operatorname{std}(\{r_1, \ldots, r_G\})}",
        "Âᵢ = (rᵢ−mean({r₁,…,r_G}))/std({r₁,…,r_G})",
    ),
    (r"\mathbb{E}_{x\sim p}[f(x)]", "𝔼_{x∼p}[f(x)]"),
    (
        r"Q(s,a) \leftarrow Q(s,a) + \alpha\left[r + \gamma \max_{a'} Q(s',a') - Q(s,a)\right]",
        "Q(s, a) ← Q(s, a) + α[r + γ max_{a′} Q(s′, a′) − Q(s, a)]",
    ),
    # Training
    (r"m_t = \beta_1 m_{t-1} + (1 - \beta_1) g_t", "mₜ = β₁mₜ₋₁ + (1 − β₁)gₜ"),
    (
        r"\hat{m}_t = \frac{m_t}{1 - \beta_1^t}, \quad \hat{v}_t = \frac{v_t}{1 - \beta_2^t}",
        "m̂ₜ = mₜ/(1−β₁ᵗ), v̂ₜ = vₜ/(1−β₂ᵗ)",
    ),
    (
        r"\theta_{t+1} = \theta_t - \eta \frac{\hat{m}_t}{\sqrt{\hat{v}_t} + \epsilon}",
        "θₜ₊₁ = θₜ − η·m̂ₜ/(√v̂ₜ+ε)",
    ),
    (r"W \leftarrow W - \eta \nabla_W L", "W ← W − η∇_W L"),
    (
        r"\frac{\partial L}{\partial W} = \frac{\partial L}{\partial y} \cdot"
        r" \frac{\partial y}{\partial W}",
        "∂L/∂W = ∂L/∂y · ∂y/∂W",
    ),
    (
        r"\delta^{(l)} = \left((W^{(l+1)})^T \delta^{(l+1)}\right) \odot f'(z^{(l)})",
        "δ⁽ˡ⁾ = ((W⁽ˡ⁺¹⁾)ᵀδ⁽ˡ⁺¹⁾) ⊙ f′(z⁽ˡ⁾)",
    ),
    (r"\eta = 3 \times 10^{-4}", "η = 3 × 10⁻⁴"),
    (
        r"lr_t = lr_{min} + \frac{1}{2}(lr_{max} - lr_{min})"
        r"\left(1 + \cos\left(\frac{t\pi}{T}\right)\right)",
        "lrₜ = lr_min + (1/2)(lr_max − lr_min)(1 + cos(tπ/T))",
    ),
    (r"\mathbf{h}_t = \tanh(\mathbf{W}_{hh}\mathbf{h}_{t-1} + b)", "hₜ = tanh(Wₕₕhₜ₋₁ + b)"),
    (
        r"H_{out} = \left\lfloor \frac{H_{in} + 2p - k}{s} \right\rfloor + 1",
        "H_out = ⌊(H_in+2p−k)/s⌋ + 1",
    ),
    (r"s = \frac{\max(|x|)}{2^{b-1} - 1}", "s = max(|x|)/(2ᵇ⁻¹−1)"),
    # Scaling, sizes, memory
    (
        r"L(N, D) = E + \frac{A}{N^\alpha} + \frac{B}{D^\beta}",
        "L(N, D) = E + A/N^α + B/D^β",
    ),
    (r"L(N) = \left(\frac{N_c}{N}\right)^{\alpha_N}", "L(N) = (N_c/N)^(α_N)"),
    (r"C \approx 6ND, \; N_{opt} \propto C^{0.5}", "C ≈ 6ND, N_opt ∝ C^0.5"),
    (
        r"2 \times n_{layers} \times n_{heads} \times d_{head} \times 2\ \text{bytes}",
        "2 × n_layers × n_heads × d_head × 2 bytes",
    ),
    (r"d_model = 512, 65{,}536, 95\%", "d_model = 512, 65,536, 95%"),
    (
        r"T_{\text{total}} = T_{\text{prefill}} + n \cdot T_{\text{decode}}",
        "T_total = T_prefill + n·T_decode",
    ),
    # Probability, diffusion, the rest
    (r"P(A \mid B) = \frac{P(B \mid A) P(A)}{P(B)}", "P(A | B) = P(B|A)P(A)/P(B)"),
    (
        r"\hat{\theta} = \arg\max_\theta \sum_{i} \log p(x_i; \theta)",
        "θ̂ = arg max_θ ∑ᵢ log p(xᵢ; θ)",
    ),
    (r"\operatorname{argmax}_x p(x)", "argmaxₓ p(x)"),
    (
        r"f(x) = \frac{1}{\sqrt{2\pi\sigma^2}} e^{-\frac{(x-\mu)^2}{2\sigma^2}}",
        "f(x) = (1/√(2πσ²))e^(−(x−μ)²/(2σ²))",
    ),
    (
        r"q(x_t \mid x_{t-1}) = \mathcal{N}(x_t; \sqrt{1-\beta_t}\, x_{t-1}, \beta_t \mathbf{I})",
        "q(xₜ | xₜ₋₁) = 𝒩(xₜ; √(1−βₜ) xₜ₋₁, βₜI)",
    ),
    (
        r"x_t = \sqrt{\bar{\alpha}_t} x_0 + \sqrt{1 - \bar{\alpha}_t} \epsilon",
        "xₜ = √ᾱₜ x₀ + √(1−ᾱₜ)ε",
    ),
    (r"\int_{-\infty}^{\infty} e^{-x^2} \, dx = \sqrt{\pi}", "∫_{−∞}^∞ e^(−x²) dx = √π"),
    (
        r"\lim_{n \to \infty} \left(1 + \frac{1}{n}\right)^n = e",
        "lim_{n→∞}(1 + 1/n)ⁿ = e",
    ),
    (r"e^{i\pi} + 1 = 0", "e^(iπ) + 1 = 0"),
    (r"A^{-1}, A^T A, \det(A), \theta^*, \pi^*", "A⁻¹, AᵀA, det(A), θ*, π*"),
    (r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}", "[1 2; 3 4]"),
    (r"a \not= b, x \notin S, \{x \mid x > 0\}", "a ≠ b, x ∉ S, {x | x > 0}"),
    (r"\text{损失} = \frac{\text{总损失}}{\text{样本数}}", "损失 = 总损失/样本数"),
    (r"\sqrt[3]{x}, \sqrt{a+b}, \frac{a+b}{c}, \frac{1}{2m}", "∛x, √(a+b), (a+b)/c, 1/(2m)"),
    (r"\vec{v}, \dot{x}, \tilde{h}_t, \bar{x}_i", "v⃗, ẋ, h̃ₜ, x̄ᵢ"),
    (r"\unheardof{x} + \foo", "unheardof x + foo"),
]


@pytest.mark.parametrize(("latex", "read"), FORMULAS)
def test_a_formula_reads_as_one_line(latex: str, read: str) -> None:
    assert seen(f"\\({latex}\\)") == read


UNTOUCHED = [
    "价格 $5 and $6",
    "from $5 to $10, about $2.5/hour or $300–$400",
    "US$5/月，比A$3贵",
    "从$20降到$5，约 5$ 或者 6$",
    "costs $5 (x=3) and 6$ more",
    "echo $HOME, $HOME/$USER and $PATH:$HOME",
    "${A}/b:${B} and $(date) or $(pwd)",
    "export PATH=$PATH:$HOME/bin; awk '{print $1, $2}' file",
    "echo $$ and $$",
    "Set $HF_HOME to /data/$USER/hf",
    "C:\\Users\\me and \\\\server\\share",
    "a lone $ and a lone \\",
    "已经转义的 \\$5 和 \\$6",
    "- \\[x\\] done, \\[1\\] and \\[注\\]",
    "\\(see below\\) and \\(见下文\\)",
    "https://x.example/?a=$b$&c=$d$",
    "`$x_1$` and ``\\(x^2\\) ` $y_1$``",
    "```latex\n$$\\frac{a}{b}$$\n```",
    "~~~\n\\[x^2\\]\n~~~",
    "- 列表\n  ```sh\n  echo $x_1$ $y^2$\n  ```",
    "```\n$x_1$ in a block without an end",
    "一段 ` 没有合上\n- `$x_1$`",
    "3 * 4 = 12, snake_case, 2^10",
    "",
]


@pytest.mark.parametrize("words", UNTOUCHED)
def test_what_is_no_formula_stays_as_it_is(words: str) -> None:
    assert readable(words) == words


@pytest.mark.parametrize(
    ("words", "read"),
    [
        pytest.param("维度 $d_k$，轴 $x$。", "维度 dₖ，轴 x。", id="inline"),
        pytest.param("$Q, K, V$ and $f(x)$", "Q, K, V and f(x)", id="without a sign of one"),
        pytest.param("the $i$th, 3$\\times$3", "the ith, 3×3", id="at a letter and a digit"),
        pytest.param("$5 or $x_1$", "$5 or x₁", id="beside a price"),
        pytest.param("see $[0, 1]$(closed)", "see [0, 1] (closed)", id="no link comes of it"),
        pytest.param("$a*b*c$ and $x_i, y_i$", "a ∗ b ∗ c and xᵢ, yᵢ", id="no emphasis"),
        pytest.param("公式：$$x^2$$，其中 x", "公式：\nx²，\n其中 x", id="display"),
        pytest.param("a\n\n\\[\nx^2\n\\]\n\nb", "a\n\nx²\n\nb", id="display on lines"),
        pytest.param("- 损失 $$-\\log p$$ so", "• 损失\n−log p\nso", id="in an item"),
        pytest.param("$$+x + 1$$", "+x + 1", id="no item comes of it"),
        pytest.param("## 公式 $$E=mc^2$$", "公式 E = mc²", id="in a heading"),
        pytest.param(
            "|a|b|\n|-|-|\n|$$p(x|y)$$|$|x|$|", "• a · b\n\n• p(x|y) · |x|", id="in a table"
        ),
        pytest.param(
            "\\begin{align}\na &= b \\\\\nc &= d^2\n\\end{align}", "a = b\nc = d²", id="lines"
        ),
        pytest.param("\\(a \\\\ b\\)", "a; b", id="lines inside a sentence"),
        pytest.param("写 $$\\frac{QK^T}{\\sqr", "写\nQKᵀ/sqr", id="still growing"),
        pytest.param("写 $\\frac{QK^T}{", "写 QKᵀ", id="still growing inline"),
        pytest.param("\\[ x^{2 \\]", "x²", id="an open brace"),
        pytest.param("\\[ \\frac{a}{ \\]后", "a\n后", id="a fraction without an end"),
        pytest.param("\\( } x_1 \\end{a} \\)", "x₁", id="closed too often"),
        pytest.param("**$x_1$**是", "x₁是", id="bold"),
    ],
)
def test_a_formula_stands_where_it_stood(words: str, read: str) -> None:
    assert seen(words) == read


def test_a_bold_formula_stays_bold() -> None:
    assert [one.style for one in styled(readable("**$x_1$**是")).entities] == ["bold"]


# Marks that have no partner of their own would find one among these.
WHOLE = [words for words in UNTOUCHED if not re.search(r"\$\$ |without an end|没有合上", words)]
PIECES = st.sampled_from(
    [f"${latex}$" for latex, _ in FORMULAS]
    + [f"\n\n$$\n{latex}\n$$\n\n" for latex, _ in FORMULAS]
    + [f"\\[{latex}\\]" for latex, _ in FORMULAS]
    + [f"\n{words}\n" for words in WHOLE]
    + ["，其中 ", " and ", "\n\n- ", " $5 ", "**重点** ", "\n> ", "100%"]
)


@given(st.lists(PIECES, max_size=8).map(" ".join))
def test_reading_twice_is_reading_once(words: str) -> None:
    assert readable(readable(words)) == readable(words)


_MACROS = (
    r"\frac \sqrt \text{ \hat \left \right \sum \not \binom \mathbb \xrightarrow \tag \end"
    r" \begin{align} \end{align} \begin{pmatrix} \end{pmatrix} \begin \\ \[ \] \( \) $$ ```"
)
SIGNS = st.sampled_from([*"{}^_$&|'[]()*#`~\\a5 -=\n中，\x00\u0338𝔼", *_MACROS.split()])


@given(st.lists(SIGNS, max_size=60).map("".join))
def test_no_words_are_refused(words: str) -> None:
    styled(readable(words))


@given(st.lists(SIGNS, max_size=30).map("".join), st.lists(SIGNS, max_size=12).map("".join))
def test_code_never_changes(around: str, code: str) -> None:
    around = re.sub("[`~\x00]", "", around)
    block = f"\n\n```\n{re.sub('[`~]', '', code)} x\n```\n\n"
    line = re.sub("[`~\n]", "", code)
    span = f"\n\n`x{line}x`\n\n"

    assert block in readable(around + block + around)
    assert span in readable(around + span + around)


@pytest.mark.parametrize(
    "hostile",
    [
        pytest.param("$$" + "{" * 5000 + "}" * 5000 + "$$", id="braces"),
        pytest.param("$$" + "{" * 10_000, id="open braces"),
        pytest.param("\\[" + "\\frac" * 590 + "\\]", id="fractions of fractions"),
        pytest.param("$$" + "x^{" * 900 + "$$", id="powers of powers"),
        pytest.param("\\[" * 5000 + "x_1\\]", id="opened often"),
        pytest.param("\\( a" * 2900 + "\\)", id="opened often, closed once"),
        pytest.param("\\begin{pmatrix}&" * 700, id="matrices in matrices"),
        pytest.param("$a" * 6000, id="dollars"),
        pytest.param("$" + "a" * 2900 + "($", id="a long word"),
        pytest.param("$a" + " " * 2900 + "b)$", id="a wide gap"),
        pytest.param(" " * 9000 + "x" + "$$x_1$$" * 400, id="one long line"),
        pytest.param("".join("`" * n + " " for n in range(1, 150)) + "$x_1$", id="backticks"),
        pytest.param("$x^a$ " * 2000, id="many formulas"),
    ],
)
def test_hostile_words_cost_little(hostile: str) -> None:
    readable("$x_1$")
    began = process_time()

    readable(hostile)

    assert process_time() - began < BLOWN_UP


def test_the_mentor_starts_without_the_tables_of_latex() -> None:
    code = "import sys, bot.replies; print('pylatexenc' in sys.modules)"

    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout

    assert printed == b"False\n"


# In a conversation ------------------------------------------------------------------------------

LATEX = r"""注意力是

$$\text{softmax}\left(\frac{QK^T}{\sqrt{d_k}}\right)V$$

其中 $d_k$ 是维度。"""
READ = "注意力是\n\nsoftmax(QKᵀ/√dₖ)V\n\n其中 dₖ 是维度。"


async def test_a_model_that_writes_latex_is_read_as_unicode() -> None:
    async with talking() as talker:
        answer = await talker.say("注意力的公式怎么写？", LATEX)

    assert text_of(answer) == READ


async def test_a_growing_and_a_stopped_answer_are_read_as_unicode(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    screen = Screen()

    def draft(_: str) -> Screen:
        return screen

    async with talking() as talker:
        monkeypatch.setattr(talker.person.asker._listener, "draft", draft)
        talker.model.say(f"{LATEX}[1]" + "很长的解释。" * 200, pause=0.1)
        long = asyncio.create_task(talker.person.asker.ask("注意力的公式怎么写？"))
        await screen.shows("很长")
        answer = await talker.person.asker.ask("停")
        await long

    *_, last, end = screen.told
    assert end == END
    assert styled(last).text.startswith(f"{READ}[1]")
    assert text_of(answer).startswith(f"{READ}[1]")
